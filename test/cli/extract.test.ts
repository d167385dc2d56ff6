import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, it, onTestFinished } from "vitest";
import { findCandidates } from "../../src/commands/extract/find-candidates.ts";
import { textLiterals } from "../../src/commands/extract/literals.ts";
import { readLiteral } from "../../src/commands/extract/read-literal.ts";
import { typedScripts } from "../../src/commands/extract/value-types.ts";
import { startPlatform } from "../../src/platform/index.ts";
import { openProject } from "../../src/project/project.ts";
import { fillParts } from "../../src/template/fill-parts.ts";
import { parseScope } from "../../src/template/parse-scope.ts";
import { makeApp, writeTree } from "../support/app.ts";
import { linkPackage, tsc } from "../support/run.ts";
import { cli, testProject } from "./cli-helpers.ts";

/** A project of these files, without a platform. */
async function app(files: Readonly<Record<string, string>>) {
  const root = await makeApp(files);
  return {
    root,
    read: (path: string) => readFile(join(root, path), "utf8"),
    extract: (...argv: string[]) => cli(["extract", ...argv], { cwd: root }),
  };
}

const MAIL = `import { log } from "./log.ts";

/** Writes a mail. */
export function mail(user: { name: string; visits: number }, topic: string): string {
  log(topic);
  return \`Write to \${user.name}.
Topic: \${topic}, again: \${topic}. Visits: \${user.visits}\`;
}
`;

describe("extract", () => {
  it("makes a prompt, an import and a typed call, which render the same text", async () => {
    const { root, env, prompts, platform } = await testProject(
      {
        "src/mail.ts": MAIL,
        "src/log.ts": "export function log(text: string): void {}\n",
        "package.json": '{ "type": "module" }',
        "tsconfig.json": JSON.stringify({
          compilerOptions: {
            strict: true,
            noEmit: true,
            module: "esnext",
            moduleResolution: "bundler",
            allowImportingTsExtensions: true,
            types: [],
          },
          include: ["src"],
        }),
      },
      {},
    );
    const done = await cli(["extract", "src/mail.ts:6", "--name", "mails/greet", "--yes"], { cwd: root });
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toBe("created  prompts/mails/greet/1.md\nchanged  src/mail.ts\n");
    expect(done.stderr).toContain("scope-gen serve prompts");
    const text = "Write to {{userName}}.\nTopic: {{topic}}, again: {{topic}}. Visits: {{userVisits}}";
    expect(await readFile(join(root, "prompts/mails/greet/1.md"), "utf8")).toBe(text);
    const call = "greet({ userName: user.name, topic, userVisits: user.visits })";
    const literal = MAIL.slice(MAIL.indexOf("`"), MAIL.lastIndexOf("`") + 1);
    expect(await readFile(join(root, "src/mail.ts"), "utf8")).toBe(
      `import greet from "scope:mails/greet";\n${MAIL.replace(literal, () => call)}`,
    );
    await writeTree(prompts, { "mails/greet/1.md": text });
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    await linkPackage(root);
    const checked = await tsc(["-p", "."], { cwd: root });
    expect(checked.stdout).toBe("");
    const values = ["userName=Ada", "topic=x", "userVisits=2"].flatMap((one) => ["--var", one]);
    const rendered = await cli(["render", "mails/greet", ...values], { cwd: root, env });
    expect(rendered.stdout).toBe("Write to Ada.\nTopic: x, again: x. Visits: 2");
    await platform.close();
  });

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

  it("gives the local platform the same bytes, also after a pull and a rendering", async () => {
    const text = "\uFEFF a\r\n\r\0 b\u2028\n\n";
    const { root, extract } = await app({ "a.ts": `export const a = ${JSON.stringify(text)};\n` });
    expect((await extract("a.ts:1", "--name", "p")).code).toBe(0);
    const platform = await startPlatform({ dir: join(root, "prompts") });
    onTestFinished(() => platform.close());
    const setup = { cwd: root, env: platform.env };
    expect((await cli(["pull"], setup)).code).toBe(0);
    expect(JSON.parse((await cli(["render", "p", "--json"], setup)).stdout).output).toBe(text);
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
        untyped: [],
        prompt: "p/two/1.md",
        action: "changed",
      },
    );
  });

  it.each([
    [
      "a directive",
      '"use client";\nexport const a = "a b";\n',
      '"use client";\nimport p from "scope:p";\n\nexport',
    ],
    [
      "quotes and no semicolons",
      "import b from 'b'\nexport const a = 'a b'\n",
      "import p from 'scope:p'\nimport b",
    ],
    [
      "semicolons only within a function",
      'export function f() {\n  return "a b";\n}\n',
      'import p from "scope:p";\n\nexport function',
    ],
    [
      "a license",
      '// License\nimport b from "b";\nexport const a = "a b";\n',
      '// License\nimport p from "scope:p";\nimport',
    ],
    [
      "a name that is taken",
      'const p = 1;\nexport const a = "a b";\n',
      'import pPrompt from "scope:p";\n\nconst p = 1;',
    ],
    ["no space before it", 'export function f() {\n  return"a b";\n}\n', "  return p();\n"],
    ["CRLF", 'import b from "b";\r\nexport const a = "a b";\r\n', 'import p from "scope:p";\r\nimport b'],
    ["a byte order mark", '\uFEFFexport const a = "a b";\n', '\uFEFFimport p from "scope:p";\n\nexport'],
    ["JSX", 'export const a = <b title="a b">{`a b`}</b>;\n', '<b title="a b">{p()}</b>'],
  ])("edits a script with %s", async (_, code, expected) => {
    const { read, extract } = await app({ "a.tsx": code });
    const line = code.slice(0, code.lastIndexOf("a b")).split("\n").length;
    const done = await extract(`a.tsx:${line}`, "--name", "p");
    expect(done.code, done.stderr).toBe(0);
    expect(await read("a.tsx")).toContain(expected);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a call",
      "declare const f: () => string;",
      "`a ${f()}`",
      /f\(\).*is an expression.*Put its value in a variable/,
    ],
    ["an operator", "declare const n: number;", "`a ${n + 1}`", /n \+ 1.*is an expression/],
    ["undefined", "declare const x: string | undefined;", "`a ${x}`", /x is of type "string \| undefined"/],
    [
      "an optional chain",
      "declare const x: { y: string } | undefined;",
      "`a ${x?.y}`",
      /"string \| undefined"/,
    ],
    ["null", "declare const x: null;", "`a ${x}`", /type "null"/],
    ["an object", "declare const x: Date;", "`a ${x}`", /type "Date"/],
    ["unknown", "declare const x: unknown;", "`a ${x}`", /type "unknown"/],
    ["braces that make a variable", "", '"a {{name}}"', /\{\{name\}\} has braces/],
    ["braces around a value", "declare const x: string;", "`{{{{${x}}}}} {{y}}`", /has braces/],
    ["an empty text", "", '""', /is empty/],
    ["half a surrogate pair", "", '"a \\ud800"', /surrogate/],
    ["a sum", "declare const x: string;", '"a b" + x', /joined with \+/],
    ["a constant type", "", '"a b" as const', /own text/],
    ["a literal that has to stay", "", 'f("a b"); function f(x: "a b" | "c d") {}', /own text/],
    ["a tag", "declare const f: any;", "f`a b`", /has a tag/],
    ["anything but a literal", "", "1", /There's no text literal on this line/],
    ["several", "", '["a b", "c d"]', /Several text literals are here: 2:19 "a b", 2:26 "c d"/],
  ])("refuses %s, with the reason and the place", async (_, before, literal, why) => {
    const code = `${before}\nexport const a = ${literal};\n`;
    const { root, read, extract } = await app({ "a.ts": code });
    const done = await extract("a.ts:2", "--name", "p", "--json");
    const { error } = JSON.parse(done.stdout);
    expect([done.code, error.code, error.where.line]).toEqual([1, "extract_refused", 2]);
    expect(error.message).toMatch(why);
    expect(await read("a.ts")).toBe(code);
    expect(existsSync(join(root, "prompts"))).toBe(false);
  });

  it("reports everything that is wrong together", async () => {
    const { extract } = await app({ "a.ts": "export const f = (x?: string) => `${x} ${f()}`;\n" });
    const done = await extract("a.ts:1", "--name", "p");
    expect(done.code).toBe(1);
    expect(done.stderr).toContain("a.ts:1:37");
    expect(done.stderr).toContain("a.ts:1:42");
  });

  it("picks the literal at a column, and the one with words instead of names", async () => {
    const { read, extract } = await app({
      "a.ts": 'export default [{ role: "system", content: "a b" }, "c d"];\n',
    });
    expect((await extract("a.ts:1:53", "--name", "p")).code).toBe(0);
    expect((await extract("a.ts:2", "--name", "q")).code).toBe(1);
    expect((await extract("a.ts:3", "--name", "q")).code).toBe(0);
    expect(await read("a.ts")).toContain('[{ role: "system", content: q() }, p()]');
    expect((await extract("a.ts:4:1", "--name", "r")).stderr).toContain("they start at 4:25");
  });

  it("warns about a value whose type isn't known", async () => {
    const { extract } = await app({ "a.js": "export const f = (x) => `a ${x}`;\n" });
    const done = await extract("a.js:1", "--name", "p");
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining("The type of x isn't known.")]);
  });

  it.each([
    ["a component", "a.vue", "<script>\nexport default 1\n</script>", "Only scripts can be edited."],
    ["a CommonJS script", "a.js", 'module.exports = "a b";', "CommonJS"],
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
    expect((await extract("b.ts:1", "--name", "s")).stderr).toContain("cli_file_unreadable");
    expect(await read("a.ts")).toBe('export const a = "a b";\n');
  });

  it("leaves no prompt behind if the script isn't writable", async () => {
    const { root, extract } = await app({ "a.ts": 'export const a = "a b";\n' });
    await chmod(join(root, "a.ts"), 0o444);
    const done = await extract("a.ts:1", "--name", "p");
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining("file_read_only")]);
    expect(existsSync(join(root, "prompts"))).toBe(false);
    const changed = await cli(["extract", "b.ts:1", "--name", "p"], {
      cwd: await makeApp({ "b.ts": 'export const a = "a b";\n' }),
      confirm: async () => true,
    });
    expect(changed.code).toBe(0);
  });
});

const LONG = "Answer the question of the customer, politely, in one paragraph. ".repeat(4);

it("--list handles a file that uses one name a hundred thousand times in seconds", async () => {
  const { root } = await app({});
  const text = `const instructions = "${"word ".repeat(100)}";\nf(${"x,".repeat(100_000)});\nsend({ system: instructions });\n`;
  await writeTree(root, { "a.js": text });
  const { options } = await openProject({ cwd: root, env: {}, isTestRun: true });
  const start = performance.now();
  const found = await findCandidates([join(root, "a.js")], options, () => {});
  expect(found).toMatchObject([{ line: 1, passedTo: "system" }]);
  expect(performance.now() - start).toBeLessThan(15_000);
});

it("--list finds long literals that are passed to SDKs, and says which can be extracted", async () => {
  const { extract } = await app({
    "src/a.ts": `declare const openai: any, x: string, f: () => string;
const SYSTEM = \`${LONG}\`;
await openai.chat.completions.create({ messages: [{ role: "system", content: SYSTEM }] });
await generateText({ prompt: \`One
two \${f()}
three\` });
await model.generateContent(\`${LONG}\${x}\`);
const unrelated = \`${LONG}\`;
await send({ body: \`${LONG}\` });
await generateText({ prompt: "Short" });
`,
    "src/b.d.ts": "export {};\n",
    "src/c.vue": "<script></script>\n",
  });
  const { stdout, code } = await extract("--list", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).candidates).toEqual([
    { file: "src/a.ts", line: 2, column: 16, length: LONG.length, passedTo: "content", refusals: [] },
    {
      file: "src/a.ts",
      line: 4,
      column: 30,
      length: 14,
      passedTo: "prompt",
      refusals: [expect.stringContaining("f()")],
    },
    {
      file: "src/a.ts",
      line: 7,
      column: 29,
      length: LONG.length + "{{x}}".length,
      passedTo: "model.generateContent",
      refusals: [],
    },
  ]);
  expect((await extract("--list", "src/a.ts")).stdout).toContain("3 candidates, 2 can be extracted.");
  expect((await extract("--list", "src/none.ts")).code).toBe(1);
});

describe("the round trip", () => {
  /** Values of every kind that a prompt takes, for the names in the literals. */
  const VALUES = {
    name: "Ada {{x}} $& `",
    count: 3,
    big: 12n,
    on: false,
    user: { name: "Bo\r\n", größe: -0 },
  };
  const PREFIX = `export const values = { name: "", count: 0, big: 0n, on: true as boolean, user: { name: "", größe: 0 } };
const { name, count, big, on, user } = values;
`;

  /** Evaluates literals, and renders what they are as prompts. One program for all. */
  async function compare(literals: readonly string[]) {
    const root = await makeApp({});
    const file = join(root, "literals.ts");
    await writeTree(root, {
      "literals.ts": `${PREFIX}export const all = [\n${literals.map((one) => `() => ${one},\n`).join("")}];\n`,
      "tsconfig.json": '{ "compilerOptions": { "strict": true, "target": "esnext", "types": [] } }',
    });
    const script = typedScripts([file], () => {}).get(file)!;
    const functions: ts.ArrowFunction[] = [];
    const walk = (node: ts.Node): void => {
      if (ts.isArrowFunction(node)) functions.push(node);
      else ts.forEachChild(node, walk);
    };
    walk(script.source);
    const found = textLiterals(script.source);
    return functions.map((one, at) => {
      const literal = found.find((other) => other === one.body);
      if (literal === undefined) throw new Error(`Not found: ${literals[at]}`);
      const { text, variables, refusals } = readLiteral(literal, script.checker);
      const evaluate = (code: string) =>
        new Function(...Object.keys(VALUES), `return ${code}`)(...Object.values(VALUES));
      const given = Object.fromEntries(variables.map(({ name, code }) => [name, evaluate(code)]));
      return {
        refusals: refusals.map(({ why }) => why),
        evaluated: evaluate(literals[at]!) as string,
        rendered: refusals.length === 0 ? fillParts(parseScope(text), given, "p") : undefined,
      };
    });
  }

  const INTERPOLATIONS = ["", "${name}", "${user.name}", "${count}${big}", "${on} ${user.größe} ${name}"];
  const TEXTS = [
    "Plain words",
    "Lines\nand\n\nmore\n",
    "Escapes \\n \\t \\r\\n \\\\ \\u{1F600} \\x41 \\0",
    "Windows\r\nlines\r",
    "Quotes \" ' and \\`ticks\\`",
    "Dollars $ \\${no} $name",
    "{ } {{ }} {{ name }} {{user.name}} {{a-b}}",
    "</script> <!-- \u2028 \u2029",
    "名前 é 👩‍👩‍👧 \u200b",
    '{"json": {"a": [1, 2]}}',
    "a\\\nb",
  ];
  const CORPUS = [
    ...TEXTS.flatMap((text) => INTERPOLATIONS.map((value) => `\`${text}${value}\``)),
    ...INTERPOLATIONS.slice(1).flatMap((value) => [`\`{${value}}\``, `\`{{${value}\``, `\`${value}}}\``]),
    ...INTERPOLATIONS.slice(1).map((value) => `\`${value}\``),
    ...TEXTS.filter((text) => !/[\n\r"]/.test(text.replaceAll("\\\n", "").replaceAll("\\r", ""))).map(
      (text) => `"${text}"`,
    ),
    ...TEXTS.slice(0, 8).flatMap((text) =>
      ["${count}", "${user.name}"].map((value) => `\`${value}${text}${value}\``),
    ),
    "`${name}${name}${name}`",
    "`{${name}{${user.name}}}`",
    '"It\'s \\"quoted\\""',
    "'It\\'s'",
    "'{{ $& }}'",
    "`Dear ${user.name},\n\nyou have ${count} of ${big} things.\n`",
    '"two \\\nlines"',
  ];

  it("of a corpus of 100 literals gives the same bytes", async () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(100);
    const results = await compare(CORPUS);
    expect(results).toHaveLength(CORPUS.length);
    expect(results.filter(({ refusals }) => refusals.length > 0)).toEqual([]);
    for (const { evaluated, rendered } of results) expect(rendered).toBe(evaluated);
  });

  it("of any literal gives the same bytes, or a reason", async () => {
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
    const value = fc.constantFrom("${name}", "${user.name}", "${count}", "${on}", "");
    const literal = fc.array(fc.tuple(text, value), { minLength: 1, maxLength: 4 });
    const literals = fc
      .sample(literal, { numRuns: 400, seed: 30 })
      .map((parts) => `\`${parts.flat().join("")}\``);
    const results = await compare(literals);
    expect(results).toHaveLength(literals.length);
    for (const { refusals, evaluated, rendered } of results) {
      if (refusals.length === 0) expect(rendered).toBe(evaluated);
      else expect(refusals[0]).toMatch(/braces|empty|surrogate/);
    }
    expect(results.filter(({ refusals }) => refusals.length === 0).length).toBeGreaterThan(100);
  });
});
