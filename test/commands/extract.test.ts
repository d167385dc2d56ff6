import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
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

const MAIL = `import { log } from "./log.ts";

/** Writes a mail. */
export function mail(user: { name: string; visits: number }, topic: string): string {
  log(topic);
  return \`Write to \${user.name}.
Topic: \${topic}, again: \${topic}. Visits: \${user.visits}\`;
}
`;

describe("extract", () => {
  it("asks once, and a no changes nothing", async () => {
    const { root, read } = await app({ "src/mail.ts": MAIL });
    const asked: string[] = [];
    const done = await cli(["extract", "src/mail.ts:6", "--name", "greet"], {
      cwd: root,
      confirm: async (message) => {
        asked.push(message);
        return false;
      },
    });
    expect([done.code, asked]).toEqual([0, ["Change src/mail.ts?"]]);
    expect(done.stderr).toContain("+Write to {{userName}}.");
    expect(done.stdout).toBe("skipped  prompts/greet/1.md\nskipped  src/mail.ts\n");
    expect(await read("src/mail.ts")).toBe(MAIL);
    expect(existsSync(join(root, "prompts"))).toBe(false);
  });

  it("--print prints the exact text, and writes no prompt", async () => {
    const { root, read, extract } = await app({ "a.mjs": "const a = 1;\nexport default `1\\r\n${a}`;\n" });
    const done = await extract("a.mjs:2", "--name", "one", "--print");
    expect([done.code, done.stdout]).toEqual([0, "1\r\n{{a}}"]);
    expect(await read("a.mjs")).toBe(
      'import one from "scope:one";\n\nconst a = 1;\nexport default one({ a });\n',
    );
    expect(existsSync(join(root, "prompts"))).toBe(false);
  });

  it("a folder outside of the project isn't called a link", async () => {
    const { extract } = await app({ "a.ts": 'export const text = "Two words";\n' });
    const { code, stderr } = await extract("a.ts:1", "--name", "two", "--out-dir", "../other");
    expect([code, stderr]).toEqual([1, expect.stringContaining("This is outside of")]);
    expect(stderr).not.toContain("link");
  });

  it("--json says what it did", async () => {
    const { extract } = await app({ "a.ts": 'export const text = "Two words";\n' });
    expect(JSON.parse((await extract("a.ts:1", "--name", "two", "--json", "--out-dir", "p")).stdout)).toEqual(
      {
        name: "two",
        specifier: "scope:two",
        file: "a.ts",
        line: 1,
        column: 21,
        text: "Two words",
        variables: [],
        prompt: "p/two/1.md",
        action: "changed",
      },
    );
  });

  it.each([
    [
      "a directive",
      '// About\n"use client";\nexport const a = "a b";\n',
      '// About\n"use client";\nimport p from "scope:p";\n\nexport',
    ],
    [
      "quotes and no semicolons",
      "import b from 'b'\nexport const a = 'a b'\n",
      "import b from 'b'\nimport p from 'scope:p'\nexport",
    ],
    [
      "semicolons only within a function",
      'export function f() {\n  return "a b";\n}\n',
      'import p from "scope:p";\n\nexport function',
    ],
    [
      "a comment for the import",
      '// License\n// @ts-ignore\nimport b from "b"; // why\nexport const a = "a b";\n',
      '// @ts-ignore\nimport b from "b"; // why\nimport p from "scope:p";\nexport',
    ],
    [
      "comments above the code",
      '// @ts-check\n\n// For a\n// @ts-ignore\nexport const a = "a b";\n',
      '// @ts-check\n\nimport p from "scope:p";\n\n// For a\n// @ts-ignore\nexport',
    ],
    [
      "a comment about the file",
      '/** @jest-environment node */\nexport const a = "a b";\n',
      '/** @jest-environment node */\nimport p from "scope:p";\n\nexport',
    ],
    [
      "a name that is taken",
      'const p = 1;\nexport const a = "a b";\n',
      'import pPrompt from "scope:p";\n\nconst p = 1;',
    ],
    ["no space before it", 'export function f() {\n  return"a b";\n}\n', "  return p();\n"],
    [
      "CRLF",
      'import b from "b";\r\nexport const a = "a b";\r\n',
      'import b from "b";\r\nimport p from "scope:p";\r\nexport',
    ],
    ["a byte order mark", '\uFEFFexport const a = "a b";\n', '\uFEFFimport p from "scope:p";\n\nexport'],
    ["JSX", 'export const a = <b title="a b">{`a b`}</b>;\n', '<b title="a b">{p()}</b>'],
  ])("edits a script with %s", async (_, code, expected) => {
    const { read, extract } = await app({ "a.tsx": code });
    const line = code.slice(0, code.lastIndexOf("a b")).split("\n").length;
    const done = await extract(`a.tsx:${line}`, "--name", "p");
    expect(done.code, done.stderr).toBe(0);
    expect(await read("a.tsx")).toContain(expected);
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

  it("picks the literal at a column, and the one with words instead of names", async () => {
    const { read, extract } = await app({
      "a.ts": 'export default [{ role: "system", content: "a b" }, "c d"];\n',
    });
    expect((await extract("a.ts:1:53", "--name", "p")).code).toBe(0);
    expect((await extract("a.ts:2", "--name", "q")).code).toBe(1);
    expect((await extract("a.ts", "--name", "q")).stderr).toContain("isn't a place in a file");
    expect((await extract("a.ts:1")).stderr).toContain("--name");
    expect((await extract("a.ts:3", "--name", "q")).code).toBe(0);
    expect(await read("a.ts")).toContain('[{ role: "system", content: q() }, p()]');
    expect((await extract("a.ts:4:1", "--name", "r")).stderr).toContain("they start at 4:25");
  });

  it.each([
    ["a component", "a.vue", "<script>\nexport default 1\n</script>", "isn't an ES module"],
    ["a CommonJS script", "a.js", 'module.exports = "a b";', "isn't an ES module"],
    ["a syntax error", "a.ts", 'export const a = "a b', "doesn't parse"],
  ])("refuses %s", async (_, file, code, why) => {
    const { extract } = await app({ [file]: `${code}\n` });
    const done = await extract(`${file}:1`, "--name", "p");
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining(why)]);
  });

  it("refuses a prompt that exists, a key with another meaning, and mustache syntax", async () => {
    const { extract, read } = await app({
      "a.ts": 'export const a = "a b";\n',
      "prompts/p/2.md": "Old",
      "scope.config.json": JSON.stringify({ prompts: { q: { prompt: "other" }, r: { syntax: "mustache" } } }),
    });
    for (const name of ["p", "q", "r"]) {
      const done = await extract("a.ts:1", "--name", name);
      expect([done.code, done.stderr]).toEqual([1, expect.stringContaining("extract_refused")]);
    }
    expect((await extract("a.ts:1", "--name", "../x")).stderr).toContain("cli_usage");
    expect((await extract("b.ts:1", "--name", "s")).stderr).toContain("There's no such file.");
    expect(await read("a.ts")).toBe('export const a = "a b";\n');
  });

  it("leaves no prompt behind if the script isn't writable", async () => {
    const { root, extract } = await app({ "a.ts": 'export const a = "a b";\n' });
    await chmod(join(root, "a.ts"), 0o444);
    const done = await extract("a.ts:1", "--name", "p");
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining("file_read_only")]);
    expect(existsSync(join(root, "prompts/p/1.md"))).toBe(false);
    const changed = await cli(["extract", "b.ts:1", "--name", "p"], {
      cwd: await makeApp({ "b.ts": 'export const a = "a b";\n' }),
      confirm: async () => true,
    });
    expect(changed.code).toBe(0);
  });
});
