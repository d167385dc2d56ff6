// Types with which code passes the type check and fails when it runs don't ship.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { formatSnapshot, parseSnapshot } from "../../src/project/snapshot/format.ts";
import { buildApp, makeApp, SOME_BUNDLERS, writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { scopeGen, succeed } from "../support/run.ts";

const MAIN = 'import hi from "scope:hi";\nconsole.log(hi({ who: "you" }));\n';

let root: string;
let types: string;
let before: string;
beforeEach(async () => {
  await using platform = await servePrompts({ "hi/1.md": "Hi {{who}}.", "bye/1.md": "Bye {{who}}." });
  root = await makeApp({ "src/main.ts": MAIN, "src/other.ts": MAIN.replaceAll("hi", "bye") });
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  types = join(root, "src", "scope-types", "hi.d.ts");
  before = await readFile(types, "utf8");
});

const frozen = { SCOPE_FETCH: "never" };
const edit = (from: RegExp, to: string) => writeFile(types, before.replaceAll(from, to));

describe.each(SOME_BUNDLERS)("%s", (bundler) => {
  it("refuses types that an editor renamed a variable in, and those of another contract", async () => {
    expect(await buildApp(bundler, root, frozen)).toMatchObject({ code: 0 });
    await edit(/\bwho\b/g, "name");
    const edited = await buildApp(bundler, root, frozen);
    expect(edited.code).not.toBe(0);
    expect(edited.stderr).toContain("types_differ  The generated types of this prompt differ");
    expect(edited.stderr).toContain(join("src", "scope-types", "hi.d.ts"));

    await writeFile(types, before);
    const snapshot = join(root, "scope", "hi@production.json");
    const entry = parseSnapshot(await readFile(snapshot, "utf8"), snapshot);
    const version = { ...entry.version, content: "Hi {{who}}, {{day}}." };
    await writeFile(snapshot, formatSnapshot({ ...entry, version }));
    const changed = await buildApp(bundler, root, frozen);
    expect(changed.code).not.toBe(0);
    expect(changed.stderr).toContain("types_differ");
    // Those of a prompt that isn't imported don't matter.
    expect(await buildApp(bundler, root, frozen, "src/other.ts")).toMatchObject({ code: 0 });
    expect(await scopeGen(["types"], { cwd: root, env: {} })).toMatchObject({ code: 0 });
    expect(await buildApp(bundler, root, frozen)).toMatchObject({ code: 0 });
  });
});

it("says nothing with dts: false", async () => {
  await edit(/\bwho\b/g, "name");
  await writeTree(root, { "scope.config.json": '{ "dts": false }' });
  expect(await buildApp("esbuild", root, frozen)).toMatchObject({ code: 0 });
});
