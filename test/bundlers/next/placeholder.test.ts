import { lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nextFolder, PLACEHOLDER, writePlaceholder } from "../../../src/bundlers/next/placeholder.ts";
import { temporaryFolder } from "../../support/app.ts";

// A pull request that forced .scope into git overwrote what its links led to.
it("writes the placeholder, and never a file that a link points to", async () => {
  const dir = await temporaryFolder();
  const elsewhere = join(dir, "elsewhere");
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, "package.json"), "mine");
  const folder = nextFolder(dir);
  await mkdir(join(folder, ".."), { recursive: true });
  await symlink(elsewhere, folder);
  writePlaceholder(dir);
  expect((await lstat(folder)).isSymbolicLink()).toBe(false);
  await writeFile(join(folder, PLACEHOLDER), "another text");
  await rm(join(folder, ".gitignore"));
  await symlink(join(elsewhere, "package.json"), join(folder, ".gitignore"));
  writePlaceholder(dir);
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  expect(await readFile(join(folder, PLACEHOLDER), "utf8")).toMatch(/^Every scope: import/);
  expect(await readFile(join(elsewhere, "package.json"), "utf8")).toBe("mine");
});
