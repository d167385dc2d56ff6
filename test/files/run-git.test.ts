import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { gitProgram, ignoredBy, runGit } from "../../src/files/run-git.ts";
import { makeApp, temporaryFolder } from "../support/app.ts";
import { run } from "../support/run.ts";

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

it("ignoredBy has an answer of its own for each file", async () => {
  const root = await makeApp({
    "repo/.gitignore": "*.local\n!kept.local\n",
    "repo/app/.env.local": "",
    "repo/other/a.local": "",
  });
  const repo = join(root, "repo");
  await run("git", ["init", "-q"], { cwd: repo });
  await run("git", ["add", "--force", "other"], { cwd: repo });
  await symlink(join(repo, "app"), join(repo, "linked"));
  await symlink(repo, join(root, "way"));
  const files = [
    "app/.env.local",
    "gone/b.local",
    "app/.env",
    "kept.local",
    "other/a.local",
    "../a.local",
    "linked/.env.local",
  ];
  const asked = (cwd: string) => Promise.all(files.map((file) => ignoredBy(join(cwd, file), cwd)));
  const line = ".gitignore:1 (*.local)";
  const expected = [line, line, false, false, false, undefined, undefined];
  expect(await asked(repo)).toEqual(expected);
  expect(await asked(join(root, "way"))).toEqual(expected);
  expect(await ignoredBy(join(repo, "linked/.env.local"), join(repo, "linked"))).toBe(line);
});
