import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createServer } from "vite";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryBeside } from "../../src/files/write-file.ts";
import { nameByContent } from "../../src/project/module-names.ts";
import { ModuleStore } from "../../src/project/module-store.ts";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { waitFor } from "../support/wait-for.ts";

function store(root: string, development = false) {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const options = { root, mode: "production", isTestRun: false };
  return { warnings, store: new ModuleStore(options, { development, reporter: { warn } }) };
}

// Two servers of one project share the modules: the second text of two within 60 ms never reached either of them.
it("lets a watcher see each text, whichever process wrote the one before", async () => {
  const root = await temporaryFolder();
  const [one, other] = [store(root, true).store, store(root, true).store];
  const file = await one.write("a.js", "0");
  const server = await createServer({
    ...{ root, configFile: false, logLevel: "silent" },
    server: { middlewareMode: true, ws: false },
  });
  onTestFinished(() => server.close());
  let seen = "";
  server.watcher.on("all", (_, changed) => {
    if (changed === file) seen = readFileSync(file, "utf8");
  });
  await waitFor("the watcher", () => server.watcher.getWatched()[dirname(file)]?.includes("a.js"));
  for (const round of [1, 2, 3, 4]) {
    await one.write("a.js", `first ${round}`);
    await other.write("a.js", `second ${round}`);
    await waitFor("the second text", () => seen === `second ${round}`);
  }
});

describe("the folder of generated modules", () => {
  it("is next to the config, ignored by git, and has its own package.json", async () => {
    const root = await temporaryFolder();
    const file = await store(root).store.write("a.js", "export {};");
    expect(file).toBe(join(root, ".scope", "build-production", nameByContent("a.js", "export {};")));
    expect(await readFile(join(root, ".scope", ".gitignore"), "utf8")).toMatch(/^\*$/m);
    expect(JSON.parse(await readFile(join(root, ".scope", "package.json"), "utf8"))).toMatchObject({
      type: "module",
      sideEffects: false,
    });
  });

  it.each([".scope", join(".scope", "build-production")])(
    "isn't followed if its path %s is a link",
    async (link) => {
      const root = await temporaryFolder();
      await writeTree(root, { "package.json": '{ "name": "theirs" }', ".gitignore": "theirs" });
      if (link !== ".scope") await mkdir(join(root, ".scope"));
      await symlink(root, join(root, link));
      const { store: linked, warnings } = store(root);
      const file = await linked.write("package.json", "{}");
      expect(file.startsWith(root)).toBe(false);
      expect(await linked.inRoot()).toBeUndefined();
      expect(warnings).toEqual([expect.stringContaining("is a link")]);
      expect(await readFile(join(root, "package.json"), "utf8")).toBe('{ "name": "theirs" }');
      expect(await readFile(join(root, ".gitignore"), "utf8")).toBe("theirs");
      expect(await readlink(join(root, link))).toBe(root);
    },
  );

  it("keeps a module whose content matches its name, and replaces one whose doesn't", async () => {
    const root = await temporaryFolder();
    const [one, other] = [
      await store(root).store.write("a.js", "1"),
      await store(root).store.write("a.js", "2"),
    ];
    expect([await readFile(one, "utf8"), await readFile(other, "utf8")]).toEqual(["1", "2"]);
    await writeFile(one, "3");
    expect(await store(root).store.write("a.js", "1")).toBe(one);
    expect(await readFile(one, "utf8")).toBe("1");
    const dev = store(root, true).store;
    expect(await dev.write("a.js", "1")).toBe(await dev.write("a.js", "2"));
  });

  it("leaves existing files alone", async () => {
    const root = await temporaryFolder();
    await writeTree(root, { ".scope/package.json": '{ "theirs": true }' });
    await store(root).store.write("a.js", "export {};");
    expect(await readFile(join(root, ".scope", "package.json"), "utf8")).toBe('{ "theirs": true }');
  });

  it("loses a killed process's leftovers once something is written", async () => {
    const root = await temporaryFolder();
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    const [, machine] = /-([0-9a-f]{8})-/.exec(basename(temporaryBeside(join(root, "x")))) ?? [];
    const left = `.scope-${machine}-${ended}-0123456789abcdef.tmp`;
    await writeTree(root, { [`.scope/${left}`]: "", [`.scope/build-production/${left}`]: "" });
    const leftovers = async (folder: string) => {
      await store(root).store.write("a.js", "export {};");
      return (await readdir(join(root, folder))).filter((name) => name.endsWith(".tmp"));
    };
    for (const folder of [".scope", ".scope/build-production"]) {
      // A machine of the same name could still need it.
      expect(await leftovers(folder)).toEqual([left]);
      await utimes(join(root, folder, left), new Date(0), new Date(0));
      expect(await leftovers(folder)).toEqual([]);
    }
  });
});
