import files, { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { writeFileAtomic, writeFileIfChanged } from "../../src/files/write-file.ts";
import { loadOptions } from "../../src/project/config/load-options.ts";
import { applyChange } from "../../src/project/edit/change.ts";
import { ModuleStore } from "../../src/project/module-store.ts";
import { removeSnapshot, snapshotFile, writeSnapshot } from "../../src/project/snapshot/store.ts";
import { prepareTypes } from "../../src/project/types/prepare-types.ts";
import { Outputs, writeBeside } from "../../src/run/manifest/outputs.ts";
import { cli } from "../commands/cli-helpers.ts";
import { promptSource } from "../compiler/prompts.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";

// Modules may be loaded already, and see the spy by way of Node's live bindings.
const rename = vi.spyOn(files, "rename");
syncBuiltinESMExports();
afterAll(() => {
  rename.mockRestore();
  syncBuiltinESMExports();
});

const PROMPT = {
  name: "a",
  label: "production",
  versionId: "v1",
  versionNumber: 1,
  contentHash: "",
  source: "platform",
  environment: "production",
} as never;

let dir: string;
beforeEach(async () => {
  dir = await temporaryFolder();
  rename.mockClear();
});

/** What Windows answers while an editor or a virus scanner holds the file open. */
function failRename(code: string, times: number): void {
  for (let time = 0; time < times; time++) {
    rename.mockRejectedValueOnce(Object.assign(new Error(code), { code, syscall: "rename" }));
  }
}

describe("a file that is written atomically", () => {
  it("can have the longest name that the file system accepts", async () => {
    const file = join(dir, `${"x".repeat(250)}.json`);
    await writeFileAtomic(file, "text");
    expect(await readFile(file, "utf8")).toBe("text");
    expect(await readdir(dir)).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32")("keeps the mode of the one that it replaces", async () => {
    for (const mode of [0o600, 0o664, 0o755]) {
      const file = join(dir, `${mode}`);
      await writeFile(file, "old");
      await chmod(file, mode);
      expect(await writeFileIfChanged(file, "new")).toBe(true);
      expect((await stat(file)).mode & 0o777).toBe(mode);
    }
  });

  it.each(["EPERM", "EACCES", "EBUSY"])("waits while the old one is locked: %s", async (code) => {
    failRename(code, 3);
    await writeFileAtomic(join(dir, "a"), "text");
    expect(await readFile(join(dir, "a"), "utf8")).toBe("text");
    expect(await readdir(dir)).toEqual(["a"]);
  });

  it("gives up in the end, at once if waiting doesn't help, and leaves nothing behind", async () => {
    failRename("EPERM", 100);
    await expect(writeFileAtomic(join(dir, "a"), "text")).rejects.toMatchObject({ code: "EPERM" });
    const tries = rename.mock.calls.length;
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(50);
    rename.mockReset();
    failRename("EXDEV", 1);
    await expect(writeFileAtomic(join(dir, "a"), "text")).rejects.toMatchObject({ code: "EXDEV" });
    expect(rename).toHaveBeenCalledTimes(1);
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a place that can't be written to", () => {
  const { ref, version } = promptSource("A", { name: "a" });
  const unwritable = (file: string) => ({
    code: "snapshot_unwritable",
    message: expect.stringMatching(/\bE[A-Z_]+\b/),
    where: { file },
    hint: expect.any(String),
  });

  it("is an error that names the file: snapshot", async () => {
    const folder = join(dir, "scope");
    await writeFile(folder, "a file where the folder should be");
    await expect(writeSnapshot(folder, { ref, environment: "production", version })).rejects.toMatchObject(
      unwritable(await snapshotFile(folder, ref)),
    );
    const inTheWay = await snapshotFile(dir, ref);
    await mkdir(inTheWay);
    await expect(writeSnapshot(dir, { ref, environment: "production", version })).rejects.toMatchObject(
      unwritable(inTheWay),
    );
    await expect(removeSnapshot(dir, ref)).rejects.toMatchObject(unwritable(inTheWay));
  });

  it("is an error that names the file: types", async () => {
    await writeTree(dir, { "scope.config.json": '{ "prompts": ["a"], "dts": "types" }' });
    const options = await loadOptions({ cwd: dir, env: {} });
    const prepare = () => prepareTypes(options, ["scope:a"], { find: async () => version });
    const file = join(dir, "types", "a.d.ts");
    await mkdir(file, { recursive: true });
    await expect(prepare()).rejects.toMatchObject(unwritable(file));
    expect(await readdir(join(dir, "types"))).toEqual(["a.d.ts"]);
    await rm(file, { recursive: true });
    const types = await prepare();
    await mkdir(file);
    await expect(types.commit()).rejects.toMatchObject(unwritable(file));
    await types.discard();
    expect(await readdir(join(dir, "types"))).toEqual(["a.d.ts"]);
  });
});

it.each(["ENOSPC", "EROFS"])(
  "every command and build names the file that can't be written: %s",
  async (code) => {
    const file = join(dir, "a.ts");
    const config = { root: dir, mode: "production", isTestRun: false };
    const run = { development: false, reporter: { info() {}, warn() {} } };
    const store = new ModuleStore(config, run);
    await store.write("first.js", "text");
    for (const [path, write] of [
      [file, () => applyChange({ file, why: "", before: undefined, after: "text" }, dir)],
      [/a\+[0-9a-f]+\.js$/, () => store.write("a.js", "text")],
      [/scope-manifest\.json$/, () => writeBeside(dir, "text")],
      [
        /\.scope\/manifest\/vite\.json$/,
        () => new Outputs(dir, async () => true).record({ bundler: "vite" }, [PROMPT], []),
      ],
    ] as const) {
      failRename(code, 1);
      const error = await write().catch((thrown) => thrown);
      expect(error).toMatchObject({
        code: "snapshot_unwritable",
        hint: expect.stringMatching(/disk|read-only/),
      });
      expect(error.message).toContain(code);
      expect(error.where.file).toMatch(path);
    }
    await writeTree(dir, { "prompts/a/1.md": "A" });
    failRename(code, 1);
    const { stderr } = await cli(["promote", "a", "1"], { cwd: dir });
    expect(stderr).toMatch(
      new RegExp(`prompts/a/prompt\\.json[^]*\\(${code}\\)|\\(${code}\\)[^]*prompts/a/prompt\\.json`),
    );
    expect(await readdir(join(dir, "prompts/a"))).toEqual(["1.md"]);
  },
);
