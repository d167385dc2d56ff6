import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { gitProgram, runGit } from "../../src/files/run-git.ts";
import { temporaryFolder } from "../support/app.ts";

it("git, started by a hook, isn't led to another repository or index, and nothing else changes", async () => {
  const [own, other] = [await temporaryFolder(), await temporaryFolder()];
  for (const folder of [own, other]) execFileSync("git", ["init", "--quiet"], { cwd: folder });
  vi.stubEnv("GIT_DIR", join(other, ".git"));
  vi.stubEnv("GIT_INDEX_FILE", "/of/a/hook");
  const { code, stdout } = await runGit(own, ["rev-parse", "--absolute-git-dir"]);
  expect([code, String(stdout).trim()]).toEqual([0, join(own, ".git")]);
  expect(process.env.GIT_INDEX_FILE).toBe("/of/a/hook");
  vi.unstubAllEnvs();
});

it("says why git ended, or why it didn't start", async () => {
  const folder = await temporaryFolder();
  expect(await runGit(folder, ["rev-parse"])).toMatchObject({
    code: 128,
    stderr: expect.stringContaining("not a git repository"),
  });
  vi.stubEnv("PATH", folder);
  expect(await runGit(folder, ["rev-parse"])).toMatchObject({ code: "ENOENT" });
  vi.unstubAllEnvs();
});

it("on Windows, git is one from PATH and never one from the project's folder", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "git.exe"), "");
  expect(gitProgram("win32", folder)).toBe(join(folder, "git.exe"));
  for (const path of [".", "", undefined]) expect(gitProgram("win32", path)).not.toContain(folder);
  expect(gitProgram("linux", folder)).toBe("git");
});
