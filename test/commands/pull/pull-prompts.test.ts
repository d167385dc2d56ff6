// What a pull writes and prints is recorded in samples/pulling and samples/everyday.
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { pullPrompts } from "../../../src/commands/pull/pull-prompts.ts";
import { StagedFiles } from "../../../src/files/staged-files.ts";
import { explainUnwritable, temporaryBeside } from "../../../src/files/write-file.ts";
import { openProject } from "../../../src/project/project.ts";
import { testProject } from "../cli-helpers.ts";

async function importing() {
  const { root, env } = await testProject(
    { "src/a.ts": 'import "scope:hi";\n' },
    { "hi/1.md": "Hi {{who}}." },
  );
  const project = await openProject({ cwd: root, env, isTestRun: false });
  onTestFinished(() => project.close());
  return { root, project };
}

it("says that the snapshot was updated if only the types couldn't be", async () => {
  const { root, project } = await importing();
  const real = StagedFiles.prototype.commit;
  let commits = 0;
  const commit = vi.spyOn(StagedFiles.prototype, "commit").mockImplementation(function (
    this: StagedFiles,
    halfDone,
  ) {
    // The snapshot's come first.
    if (++commits === 1) return real.call(this, halfDone);
    const busy = Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY", syscall: "rename" });
    return explainUnwritable(join(root, "src"), () => Promise.reject(busy));
  });
  await expect(pullPrompts(project)).rejects.toMatchObject({
    code: "snapshot_unwritable",
    message: "The snapshot was updated, but the types weren't.",
    where: { file: join(root, "src") },
    cause: { code: "snapshot_unwritable", message: "The file can't be written (EBUSY)." },
  });
  commit.mockRestore();
  expect(await readdir(join(root, "src"))).toEqual(["a.ts"]);
  expect((await pullPrompts(project)).types).toMatchObject({ written: true });
});

it("removes what a killed pull left next to the types, once it's old", async () => {
  const { root, project } = await importing();
  // Of a process that it is not known of whether it lives, and of this one.
  const folder = join(root, "src", "scope-types");
  const old = join(folder, ".scope-00000000-1-0123456789abcdef.tmp");
  const young = temporaryBeside(join(folder, "hi.d.ts"));
  await mkdir(folder);
  for (const file of [old, young]) await writeFile(file, "");
  const hoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
  await utimes(old, hoursAgo, hoursAgo);
  await pullPrompts(project);
  expect((await readdir(folder)).sort()).toEqual([basename(young), "@shared.d.ts", "hi.d.ts"]);
});
