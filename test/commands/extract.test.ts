import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { makeApp, writeTree } from "../support/app.ts";
import { linkPackage, node, tsc } from "../support/run.ts";
import { cli } from "./cli-helpers.ts";

/** A project of these files, without a platform. */
async function app(files: Readonly<Record<string, string>>) {
  const root = await makeApp(files);
  return {
    root,
    read: (path: string) => readFile(join(root, path), "utf8"),
    extract: (...argv: string[]) => cli(["extract", ...argv, "--yes"], { cwd: root }),
  };
}

/** Where the mark `@@` is in a code, and the code without it. */
function unmarked(marked: string) {
  const before = marked.slice(0, marked.indexOf("@@")).split(/\r?\n/);
  const line = before.length;
  return {
    code: marked.replace("@@", ""),
    place: `${line}:${(before.at(-1) as string).replace("\uFEFF", "").length + 1}`,
  };
}

/** A template literal of any text, with values of every kind that a prompt takes. */
function anyLiteral(): string {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom("{", "}", "{{", "}}", "a", "_", " ", "$", "\r\n", "\n", "`"),
        fc.string({ unit: "binary" }),
      ),
    )
    .map((parts) =>
      JSON.stringify(parts.join("")).slice(1, -1).replaceAll('\\"', '"').replace(/[`$]/g, "\\$&"),
    );
  const value = fc.constantFrom("${name}", "${user.name}", "${count}${big}", "${on ? user.größe : 1}", "");
  return fc.sample(fc.tuple(text, value), { numRuns: 1000, seed: 30 }).flat().join("");
}

/** Modules whose `run` gives a text, with a mark before the literal in it. */
const LITERALS: Readonly<Record<string, string>> = {
  words: 'export const run = () => @@"two words";',
  escapes: 'export const run = () => @@"\\r\\n \\t \\u2028 \\0 </script> `${x}` \\\\";',
  bytes: 'export const run = () => @@"\\uFEFF a\\r\\n\\r\\0 b\\u2028\\n\\n";',
  surrogate: 'export const run = () => @@"a \\ud800 b \\ud800";',
  tags: 'export const run = () => @@"{{name}} {{1st}} {{name}} {{ x }} {{__proto__}}";',
  join: 'const items = ["a", "b"];\nexport const run = () => @@`Items: ${items.join(", ")}.`;',
  fallback: "const user: { name?: string } = {};\nexport const run = () => @@`Hi ${user.name ?? 'you'}`;",
  ternary: "const isNew = 1 > 0;\nexport const run = () => @@`${isNew ? 'Welcome' : 'Hello'} back`;",
  call: "const f = (n: number) => n * 2;\nexport const run = () => @@`${f(2)} and ${f(3)}`;",
  sum: "const n = 1;\nexport const run = () => @@`${n + 1}${-n}${n > 0 && 'x'}`;",
  getter:
    "let n = 0;\nconst c = { get next() { return ++n; } };\nexport const run = () => @@`${c.next} ${c.next}`;",
  again: "export const run = (topic = 'x') => @@`${topic}, ${topic.length}, ${topic}`;",
  changed: "export const run = () => { let n = 1; return @@`${n} ${n++} ${n}`; };",
  missing: "const x = undefined as string | undefined;\nexport const run = () => @@`a ${x} ${x?.length}`;",
  nothing: "const x = null;\nexport const run = () => @@`a ${x}`;",
  object: "const x = { toString: () => 'text' };\nexport const run = () => @@`a ${x} ${[1, 2]} ${{ a: 1 }}`;",
  any: "const x: any = [1];\nconst y: unknown = 2;\nexport const run = () => @@`${x} ${x.length} ${y}`;",
  values:
    "const [a, b, c, d] = [1, 2n, true, -0] as const;\nexport const run = () => @@`${a} ${b} ${c} ${d}`;",
  index: "const list: string[] = [];\nexport const run = () => @@`first: ${list[0]}`;",
  generic: "const f = <T extends string>(x: T) => @@`of ${x}`;\nexport const run = () => f('y');",
  enums: "enum E { A, B = 'b' }\nconst e = E.B as E;\nexport const run = () => @@`${E.A} ${e}`;",
  never: "const f = (x: never) => @@`Unknown: ${x}`;\nexport const run = () => f(undefined as never);",
  braces: "const x = 'y';\nexport const run = () => @@`{{${x}}} {${x} {{a${x}}}`;",
  comma: "const f = () => 1, b = 'b';\nexport const run = () => @@`${(f(), b)} ${f(), b}`;",
  nested: "const x = 'y';\nexport const run = () => @@`a ${`b ${x}`} ${String.raw`\\n${x}`}`;",
  inner: "const x = 'y';\nexport const run = () => `a ${x + @@`b ${x}`}`;",
  function: "export const run = () => @@`f: ${() => 1}`;",
  awaited: "const f = async () => 'x';\nexport const run = async () => @@`a ${await f()} ${await f()}`;",
  yielded:
    "function* f(): Generator<number, string, number> { return @@`a ${yield 1}`; }\nexport const run = () => { const g = f(); g.next(); return g.next(7).value as string; };",
  self: "class A { name = 'n'; toString() { return @@`${this.name} ${this.name}`; } }\nexport const run = () => `${new A()}`;",
  names: "const größe = 1, $x = 2, __proto__ = 3;\nexport const run = () => @@`${größe} ${$x} ${__proto__}`;",
  comments: "const x = 'y';\nexport const run = () => @@`a ${/* one */ x} ${x // two\n}`;",
  property: "class A { text = @@'two words'; }\nexport const run = () => new A().text;",
  parameter: "export const run = (text = @@'two words') => text;",
  part: "const x = 'y';\nexport const run = () => @@'two words, ' + x;",
  place: "const f = <T>(x: T) => [x];\nexport const run = () => f(@@'two words').join();",
  returned: 'export function run() { return@@"two words" }',
  client: "// About this file\n'use client';\n// About run\nexport const run = () => @@'two words'",
  ignored:
    "// @ts-ignore: no such file\nimport type { X } from './none';\nexport const run = () => @@'two words' as X;",
  early: "// @ts-ignore: wrong\nexport const wrong: number = 'x';\nexport const run = () => @@'two words';",
  shebang: "#!/usr/bin/env node\n/* Copyright */\n\n/** Says it. */\nexport const run = () => @@'two words';",
  script: "const name = 'Ada', top = 1;\n(globalThis as any).text = @@`Hello ${name} ${top}`;",
  eval: "export const run = () => @@'two words';",
  arguments: "export function run(..._: string[]) { return @@`two words ${arguments.length}`; }",
  taken: "const taken = 1;\nexport const run = () => @@`two words ${taken}`;",
  anything: `const name = "Ada {{x}} $& \`", count = 3, big = 12n, on = 1 > 2, user = { name: "Bo\\r\\n", größe: -0 };\nexport const run = () => @@\`${anyLiteral()}\`;`,
  windows: "\uFEFFconst x = 'y';\r\nexport const run = () => @@`a\r\n${x}`;\r\n",
};

it("makes a call of each of these literals, which tsc accepts and which gives the same text", async () => {
  const names = Object.keys(LITERALS);
  const { root, extract } = await app({
    ...Object.fromEntries(names.map((name) => [`src/${name}.ts`, unmarked(LITERALS[name] as string).code])),
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: "esnext",
        lib: ["esnext", "dom"],
        module: "esnext",
        moduleResolution: "bundler",
        types: [],
      },
      include: ["src"],
    }),
  });
  await linkPackage(root);
  const compiled = async (folder: string) => {
    for (const name of names) {
      const { outputText } = ts.transpileModule(await readFile(join(root, `src/${name}.ts`), "utf8"), {
        compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
      });
      await writeTree(root, { [`${folder}/${name}.js`]: outputText });
    }
  };
  await compiled("before");
  for (const name of names) {
    const place = `src/${name}.ts:${unmarked(LITERALS[name] as string).place}`;
    const done = await extract(place, "--name", name);
    expect(done.code, name + done.stderr).toBe(0);
  }
  await compiled("after");
  const platform = await startPlatform({ dir: join(root, "prompts") });
  onTestFinished(() => platform.close());
  const pulled = await cli(["pull"], { cwd: root, env: platform.env });
  expect(pulled.code, pulled.stderr).toBe(0);
  expect((await tsc(["-p", "."], { cwd: root })).stdout).toBe("");
  await writeTree(root, {
    "run.js": `
      import { writeFileSync } from "node:fs";
      const texts = {};
      for (const name of ${JSON.stringify(names)})
        texts[name] = await Promise.all(["before", "after"].map(async (folder) => {
          const { run = () => globalThis.text } = await import("./" + folder + "/" + name + ".js");
          return run();
        }));
      writeFileSync("texts.json", JSON.stringify(texts));
    `,
  });
  const ran = await node(["--import", "unplugin-scope/register", "run.js"], { cwd: root });
  expect(ran.code, ran.stderr).toBe(0);
  for (const [name, [before, after]] of Object.entries<string[]>(
    JSON.parse(await readFile(join(root, "texts.json"), "utf8")),
  ))
    expect(after, name).toBe(before);
});

describe("extract", () => {
  // What is added is between « and », what is removed between ‹ and ›.
  // biome-ignore format: one row a line
  it.each([
    ["a directive", '// About\n"use client";\n«import p from "scope:p";\n\n»export const a = ‹"a b"›«p()»;\n'],
    ["quotes and no semicolons", "import b from 'b'\n«import p from 'scope:p'\n»export const a = ‹'a b'›«p()»\n"],
    ["semicolons only within a function", '«import p from "scope:p";\n\n»export function f() {\n  return ‹"a b"›«p()»;\n}\n'],
    ["a comment for the import", '// License\n// @ts-ignore\nimport b from "b"; // why\n«import p from "scope:p";\n»export const a = ‹"a b"›«p()»;\n'],
    ["comments above the code", '// @ts-check\n\n«import p from "scope:p";\n\n»// For a\n// @ts-ignore\nexport const a = ‹"a b"›«p()»;\n'],
    ["a comment about the file", '/** @jest-environment node */\n«import p from "scope:p";\n\n»export const a = ‹"a b"›«p()»;\n'],
    ["a name that is taken", '«import pPrompt from "scope:p";\n\n»const p = 1;\nexport const a = ‹"a b"›«pPrompt()»;\n'],
    ["no space before it", '«import p from "scope:p";\n\n»export function f() {\n  return‹"a b"›« p()»;\n}\n'],
    ["CRLF", 'import b from "b";\r\n«import p from "scope:p";\r\n»export const a = ‹"a b"›«p()»;\r\n'],
    ["a byte order mark", '\uFEFF«import p from "scope:p";\n\n»export const a = ‹"a b"›«p()»;\n'],
    ["JSX", '«import p from "scope:p";\n\n»export const a = <b title="a b">{‹`a b`›«p()»}</b>;\n'],
  ])("edits a script with %s", async (_, marked) => {
    const before = marked.replace(/«[^»]*»|[‹›]/g, "");
    const { read, extract } = await app({ "a.tsx": before });
    const line = before.slice(0, before.lastIndexOf("a b")).split("\n").length;
    const done = await extract(`a.tsx:${line}`, "--name", "p");
    expect(done.code, done.stderr).toBe(0);
    expect(await read("a.tsx")).toBe(marked.replace(/‹[^›]*›|[«»]/g, ""));
  });

  // biome-ignore format: one row a line
  it.each([
    ["a literal type", 'f(@@"a b"); function f(x: "a b" | "c d") {}', /not assignable to parameter of type '"a b"/],
    ["a template-literal type", "declare const n: number;\nexport const a: `n ${number}` = @@`n ${n}`;", /`n \$\{number\}`/],
    ["a type that follows from it", 'const a = @@"a b";\nexport const b: "a b" = a;', /not assignable to type '"a b"'/],
    ["a type that another file needs", 'export const kind = @@"a b";', /not assignable to type '"a b"'/],
    ["a case", 'declare const x: { kind: "a b"; n: 1 } | { kind: "c" };\nswitch (x.kind) { case @@"a b": x.n; }', /'n' does not exist/],
    ["a comparison", 'declare const x: { kind: "a b"; n: 1 } | { kind: "c" };\nx.kind === @@"a b" && x.n;', /'n' does not exist/],
    ["a constant type", 'export const a = @@"a b" as const;', /as const/],
    ["a tag", "declare const f: any;\nexport const a = f@@`a b`;", /has a tag|with a tag/],
    ["a type", 'export type A = @@"a b";', /no text literal here/],
    ["an enum", 'export enum E { A = @@"a b" }', /no text literal here/],
    ["a name", 'export const a = { @@"a b": 1 };', /no text literal here/],
    ["a specifier", 'export * from @@"./a b";', /no text literal here/],
  ])("refuses what has to stay a literal: %s", async (_, marked, why) => {
    const { code, place } = unmarked(marked);
    const { root, read, extract } = await app({
      "a.ts": code,
      "b.ts":
        'import * as a from "./a.ts";\nexport const kind: "a b" = (a as { kind: typeof a.kind }).kind;\n',
      "tsconfig.json":
        '{ "compilerOptions": { "strict": true, "allowImportingTsExtensions": true, "noEmit": true } }',
    });
    const done = await extract(`a.ts:${place}`, "--name", "p", "--json");
    const { error } = JSON.parse(done.stdout);
    expect([done.code, error.code]).toEqual([1, "extract_refused"]);
    expect(`${place} ${error.where.line}:${error.where.column}`).toBe(`${place} ${place}`);
    expect(error.message).toMatch(why);
    expect(await read("a.ts")).toBe(code);
    expect(existsSync(join(root, "prompts"))).toBe(false);
  });
});
