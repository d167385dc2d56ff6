import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import module from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { node, ROOT, run, succeed } from "../support/run.ts";
import { unprivileged } from "../support/unprivileged.ts";
import { packedApp } from "./packed-app.ts";

let app: string;
let tarball: string;
beforeAll(async () => {
  ({ app, tarball } = await packedApp());
}, 180_000);

async function packages(): Promise<{ path: string; manifest: Record<string, never> }[]> {
  const lock = JSON.parse(await readFile(join(app, "package-lock.json"), "utf8"));
  const paths = Object.keys(lock.packages).filter((path) => path !== "");
  return Promise.all(
    paths.map(async (path) => ({
      path,
      manifest: JSON.parse(await readFile(join(app, path, "package.json"), "utf8")),
    })),
  );
}

async function bytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe("a plain install", () => {
  it("installs at most 36 packages and 30 MB, none with an install script", async () => {
    const all = await packages();
    expect(all.length).toBeLessThanOrEqual(36);
    expect(await bytes(join(app, "node_modules"))).toBeLessThanOrEqual(30_000_000);
    const scripted = all.filter(({ manifest }) => {
      const scripts: Record<string, string> = manifest.scripts ?? {};
      return scripts.preinstall ?? scripts.install ?? scripts.postinstall;
    });
    expect(scripted.map(({ path }) => path)).toEqual([]);
  });

  it("names each direct dependency and its reason in CONTRIBUTING.md", async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const page = await readFile(join(ROOT, "CONTRIBUTING.md"), "utf8");
    const section = page.slice(page.indexOf("## Dependencies"));
    for (const name of Object.keys(dependencies)) expect(section).toContain(`\`${name}\``);
  });

  it("has the pages of the docs, but neither their pictures nor their site", async () => {
    const docs = join(app, "node_modules", "unplugin-scope", "docs");
    const entries = await readdir(docs, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(files).toContain("first-prompt.md");
    expect(files.filter((name) => !name.endsWith(".md") || name === "index.md")).toEqual([]);
  });

  it("has the list of bundled packages once", async () => {
    const folder = join(app, "node_modules", "unplugin-scope");
    expect(JSON.parse(await readFile(join(folder, "sbom.cdx.json"), "utf8"))).toMatchObject({
      bomFormat: "CycloneDX",
    });
    expect(await readdir(join(folder, "dist"))).not.toContain("sbom.cdx.json");
  });

  it("has llms.txt, llms-full.txt and a skill, which only name what it has", async () => {
    const folder = join(app, "node_modules", "unplugin-scope");
    const read = (file: string) => readFile(join(folder, file), "utf8");
    const [list, whole, skill] = await Promise.all(
      ["llms.txt", "llms-full.txt", "skills/unplugin-scope/SKILL.md"].map(read),
    );
    const links = [...`${list}${whole}`.matchAll(/\]\(([\w./-]+\.md)(?:#[^)]*)?\)/g)].map(
      ([, file = ""]) => file,
    );
    expect(links).toContain("docs/config.md");
    for (const file of new Set(links)) await read(file);
    expect(whole).toContain("# Error codes");
    expect(skill).toMatch(/^---\nname: unplugin-scope\ndescription: .+\n---\n/);
    for (const [, file = ""] of skill!.matchAll(/node_modules\/unplugin-scope\/([\w./-]+\.md)/g))
      await read(file);
  });

  it("provides the command line", async () => {
    const bin = join(app, "node_modules", ".bin", "scope-gen");
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    expect(await run(bin, ["--version"], { cwd: app })).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});

describe("the entries", () => {
  it("are published with types that resolve (publint, attw)", async () => {
    await succeed(
      run(join(ROOT, "node_modules", ".bin", "publint"), ["--strict", tarball], {
        cwd: ROOT,
      }),
    );
    await succeed(
      run(join(ROOT, "node_modules", ".bin", "attw"), [tarball, "--profile", "esm-only"], {
        cwd: ROOT,
      }),
    );
  });

  it("have no top-level await, which require couldn't load", async () => {
    const dist = await readdir(join(ROOT, "dist"));
    for (const file of dist.filter((name) => name.endsWith(".js"))) {
      const text = await readFile(join(ROOT, "dist", file), "utf8");
      expect([file, /^(?:const .* = )?await /m.test(text)]).toEqual([file, false]);
    }
  });
});

describe("the compile cache of scope-gen", () => {
  it("is beside the packages, off by Node's variable, and does without a folder that can't be written", async () => {
    const modules = join(app, "node_modules");
    const cache = join(modules, ".cache");
    const bin = join(modules, "unplugin-scope", "bin", "scope-gen.js");
    const help = (env = {}) => node([bin, "--help"], { cwd: app, env });
    await rm(cache, { recursive: true, force: true });
    const plain = await help({ NODE_DISABLE_COMPILE_CACHE: "1" });
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    expect(await readdir(modules)).not.toContain(".cache");

    expect(await help()).toEqual(plain);
    // Node has it from 22.8 on.
    expect((await readdir(modules)).includes(".cache")).toBe("enableCompileCache" in module);

    await rm(cache, { recursive: true, force: true });
    await writeFile(cache, "in the way");
    expect(await help()).toEqual(plain);
    await rm(cache);

    await chmod(modules, 0o555);
    onTestFinished(() => chmod(modules, 0o755));
    expect(await unprivileged(["--help"], { cwd: app }, bin)).toEqual(plain);
    expect(await readdir(modules)).not.toContain(".cache");
  });
});
