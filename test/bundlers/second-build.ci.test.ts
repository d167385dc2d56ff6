import { readdirSync } from "node:fs";
import { cp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { moduleNameOf } from "../../src/project/module-names.ts";
import { buildApp, makeApp, outputFile, temporaryFolder } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { readTree } from "../support/file-tree.ts";
import { node, type Ran, scopeGen, succeed } from "../support/run.ts";

let root: string;
let env: Readonly<Record<string, string>>;
beforeEach(async () => {
  const platform = await servePrompts({
    "hi/1.md": "Hi {{who}} and {{ near }}.",
    "hi/prompt.json": '{ "versions": { "1": { "status": "draft" } } }',
    "mail/1.md": "Dear {{who}}, yours",
  });
  env = { ...platform.env, SCOPE_FETCH: "never" };
  root = await makeApp({
    "scope.config.json": JSON.stringify({ prompts: { letter: { prompt: "mail", syntax: "mustache" } } }),
    "src/main.ts":
      'import hi from "scope:hi";\nimport letter from "scope:letter";\nconsole.log(hi({ who: "you" }), letter({ who: "all" }));\n',
  });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  await platform.close();
});

/** The file of the one module of that name. */
function generated(name: string): string {
  const folder = join(root, ".scope", "build-production");
  const found = readdirSync(folder).filter((each) => moduleNameOf(each) === name);
  expect(found).toHaveLength(1);
  return join(folder, found[0] ?? "");
}
const MODULE = () => generated("hi@production");
const TEXT = "Hi you and {{ near }}. Dear all, yours\n";

async function build(): Promise<Ran & { printed: string }> {
  const built = await buildApp("rollup", root, env);
  const printed = (await node([outputFile("rollup", root)], { cwd: root })).stdout;
  return { ...built, printed };
}

describe("a second build from the snapshot", () => {
  it("says the same again, and writes what was deleted", async () => {
    const first = await build();
    expect(first.stderr).toMatch(/near-miss[\s\S]*is draft, not published/);
    expect(first.printed).toBe(TEXT);
    const before = await stat(MODULE());
    expect(await build()).toEqual(first);
    expect(await stat(MODULE())).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino });
    await rm(join(root, ".scope"), { recursive: true });
    expect(await build()).toMatchObject({ code: 0, printed: TEXT });
  });

  it.each([".scope", ".scope/build-production"])("doesn't write through %s if it's a link", async (path) => {
    await build();
    await rename(join(root, path), join(root, "elsewhere"));
    await symlink(relative(dirname(join(root, path)), join(root, "elsewhere")), join(root, path));
    const before = await readTree(join(root, "elsewhere"));
    const built = await build();
    expect(built, built.stderr).toMatchObject({ code: 0, printed: TEXT });
    expect(built.stderr.match(/a link/g)).toHaveLength(1);
    expect(await readTree(join(root, "elsewhere"))).toEqual(before);
  });

  it("of a copied project doesn't use the original's", async () => {
    await build();
    const copy = await temporaryFolder();
    await cp(root, copy, { recursive: true, preserveTimestamps: true });
    await writeFile(MODULE(), "export default () => 'the other';");
    root = copy;
    expect((await build()).printed).toBe(TEXT);
  });

  it("names a file with merge conflict markers, and the command that repairs it", async () => {
    const types = join(root, "src", "scope-types", "mail.d.ts");
    const sound = await readFile(types, "utf8");
    const marked = (text: string) => text.replace(/^(.*\n)/, "<<<<<<< HEAD\n$1=======\n$1>>>>>>> other\n");
    await writeFile(types, marked(sound));
    expect((await build()).stderr).toMatch(
      /mail\.d\.ts contains the marks of a merge conflict\. Run: npx scope-gen types/,
    );
    await writeFile(types, sound);
    const file = join(root, "scope", "hi@production.json");
    await writeFile(file, marked(await readFile(file, "utf8")));
    const failed = await build();
    expect(failed.code).not.toBe(0);
    expect(failed.stderr).toMatch(/merge conflict[\s\S]*hi@production\.json[\s\S]*git checkout --theirs/);
  });
});
