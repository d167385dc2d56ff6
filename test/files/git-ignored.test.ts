import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ignoredBy } from "../../src/files/run-git.ts";
import { makeApp } from "../support/app.ts";
import { run } from "../support/run.ts";

it("each file has its own answer", async () => {
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
