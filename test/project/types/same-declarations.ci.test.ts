import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { emitBlock, emitTypes } from "../../../src/compiler/3-emit/types/emit-types.ts";
import { allTokens } from "../../../src/project/discovery/scan-script.ts";
import { declarationBlocks, declareTheSame } from "../../../src/project/types/same-declarations.ts";
import { compile, HOSTILE_TEXTS, type TestPrompt } from "../../compiler/prompts.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { node, ROOT, succeed } from "../../support/run.ts";

const METADATA = {
  model: "some-model",
  limits: { stop: ["a"], rows: [["a"]], deep: [{ a: 1, "b c": [[[true]]] }] },
  examples: [{ input: "a", output: "b" }],
  nothing: null,
  empty: [],
  "a key": 'it\'s "quoted"',
};
const MUSTACHE: TestPrompt = { syntax: "mustache", metadata: METADATA };
const PROMPTS: Readonly<Record<string, Parameters<typeof compile>>> = {
  "scope:greeting": [
    "Hello {{name}}, {{tone}}, {{count}}, {{level}}.\n\n  indented\n* a star",
    {
      variables: { tone: ["formal", "it's", 'a "b"'], count: "number", level: "boolean" },
      metadata: METADATA,
    },
  ],
  "scope:greeting?live": ["Hello.", {}],
  "scope:it's": ["{{1st}} {{名前}} {{class}} {{__proto__}} {{a}}", {}],
  "scope:chat": [
    [
      { role: "system", content: "Help with everything that is asked, whatever it may be." },
      { role: "user", content: "{{question}}" },
      { role: "assistant", content: "Well:" },
    ],
    { metadata: METADATA },
  ],
  "scope:list": [
    "{{title}}{{#items}}{{label}}{{#tags}}{{.}}{{/tags}}{{#rows}}{{#.}}{{x}}{{/.}}{{/rows}}{{/items}}{{^empty}}x{{/empty}}",
    MUSTACHE,
  ],
  "scope:conditions": ["{{#vip}}VIP{{/vip}}{{#user}}{{name}}{{/user}}{{user.mail}}", MUSTACHE],
  "scope:root": ["{{#.}}{{x}}{{/.}}", MUSTACHE],
  ...Object.fromEntries(
    HOSTILE_TEXTS.map((text, at) => [
      `scope:hostile${at}`,
      [`${text} {{x}}`, { metadata: { [text]: text } }],
    ]),
  ),
};
const { code } = emitTypes(
  Object.entries(PROMPTS).map(([specifier, [content, options]]) => ({
    specifier,
    compiled: compile(content, options),
    live: specifier.endsWith("?live"),
    snapshotFile: "scope/x.json",
  })),
  { dtsFile: "scope.d.ts" },
);

/** What people set in Prettier and in Biome, as far as it changes types. */
const STYLES = [
  { tabWidth: 2 },
  { singleQuote: true, semi: false, useTabs: true, trailingComma: "all", printWidth: 40 },
  { tabWidth: 4, trailingComma: "none", bracketSpacing: false, quoteProps: "consistent", printWidth: 400 },
  { quoteProps: "preserve", endOfLine: "crlf", printWidth: 120 },
] as const;

const BIOME_STYLES = [
  { formatter: {} },
  {
    formatter: { indentStyle: "space", indentWidth: 4, lineWidth: 40 },
    javascript: { formatter: { quoteStyle: "single", semicolons: "asNeeded", trailingCommas: "all" } },
  },
  {
    formatter: { lineWidth: 320, lineEnding: "crlf", bracketSpacing: false },
    javascript: { formatter: { quoteProperties: "preserve", trailingCommas: "none" } },
  },
] as const;

/** What a program of this repository makes of a text with these settings. */
async function formatted(text: string, settings: string, style: object, [program = "", ...args]: string[]) {
  const dir = await temporaryFolder();
  await writeTree(dir, { [settings]: JSON.stringify(style), "scope.d.ts": text });
  const path = join(ROOT, "node_modules", program);
  await succeed(node([path, ...args, "--write", "scope.d.ts"], { cwd: dir }));
  return readFile(join(dir, "scope.d.ts"), "utf8");
}

const withPrettier = (text: string, style: object) =>
  formatted(text, ".prettierrc", style, [".bin/prettier"]);
const BIOME = ["@biomejs/biome/bin/biome", "check", "--files-max-size=10000000"];
const withBiome = (text: string, style: object) =>
  formatted(text, "biome.json", { root: true, ...style }, BIOME);

/** Is a block what a build makes for its import? */
function isRight(specifier: string, block: string): boolean {
  const [content = "", options] = PROMPTS[specifier] ?? [];
  const live = specifier.endsWith("?live");
  return declareTheSame(block, emitBlock({ specifier, compiled: compile(content, options), live }));
}

/** Expects that a text is another, and counts as the same, whole and block by block. */
async function expectSame(text: string): Promise<void> {
  expect(text).not.toBe(code);
  const blocks = declarationBlocks(text);
  for (const [specifier, block] of declarationBlocks(code)) {
    expect(declareTheSame(block, blocks.get(specifier) ?? ""), specifier).toBe(true);
    expect(isRight(specifier, blocks.get(specifier) ?? ""), specifier).toBe(true);
  }
  expect(declareTheSame(code, text)).toBe(true);
}

describe("types declare the same", () => {
  it.each(STYLES)("after Prettier with %j", async (style) => {
    await expectSame(await withPrettier(code, style));
  });

  it.each(BIOME_STYLES)("after Biome with %j", async (style) => {
    // The file asks Biome to leave it alone; these lines come back before it is compared.
    const [asks, bare] = [
      code.match(/^\/\/ biome-ignore.*\n/gm) ?? [],
      code.replace(/^\/\/ biome-ignore.*\n/gm, ""),
    ];
    const formatted = await withBiome(bare, style);
    await expectSame(formatted.replace(/\n/, `\n${asks.join("")}`));
    expect(declareTheSame(code, await withBiome(code, style))).toBe(true);
  });

  it("with other line endings and a byte order mark", async () => {
    await expectSame(`\ufeff${code.replaceAll("\n", "\r\n")}`);
  });
});

describe("a build accepts types", () => {
  // biome-ignore format: one row a line
  it.each<[what: string, edit: (block: string) => string]>([
    ["whose exports dprint sorted", (block) => block.replace(/\{ (\w+ as render), (\w+ as default) \}/, "{ $2, $1 }")],
    ["whose comments are others", (block) => block.replace(/\/\*\*/g, "/**\n * A better comment.\n *")],
    ["without comments", (block) => block.replace(/\/\*\*[\s\S]*?\*\//g, "")],
    ["with commas", (block) => block.replaceAll("; content:", ", content:")],
  ])("%s", (_, edit) => {
    const edited = [...declarationBlocks(code)].filter(([specifier, block]) => {
      expect(isRight(specifier, edit(block)), edit(block)).toBe(true);
      return edit(block) !== block;
    });
    expect(edited).not.toEqual([]);
  });

  it("with no comment that TypeScript obeys", () => {
    for (const [specifier, block] of declarationBlocks(code))
      for (const directive of ["// @ts-ignore", "/* @ts-ignore */", "/// @ts-expect-error"])
        expect(isRight(specifier, block.replace("  export", `  ${directive}\n  export`))).toBe(false);
  });

  it("with no edit that means something else", () => {
    const edits = [..."; , \" ' \\ ( ) [ ] { } | & ? < > : = a 1 ` / - . +".split(" "), "", "\n", " "];
    const blocks = [...declarationBlocks(code)].map(([specifier, block]) => {
      const bare = block.replace(/\/\*\*[\s\S]*?\*\//g, "");
      return { specifier, bare, meaning: meaningOf(bare) };
    });
    const anyEdit = fc.tuple(fc.constantFrom(...blocks), fc.nat(), fc.constantFrom(...edits), fc.nat(1));
    const check = fc.property(anyEdit, ([{ specifier, bare, meaning }, place, text, length]) => {
      const at = place % bare.length;
      const edited = bare.slice(0, at) + text + bare.slice(at + length);
      if (isRight(specifier, edited))
        expect([undefined, meaning], edited.slice(at - 40, at + 40)).toContain(meaningOf(edited));
    });
    fc.assert(check, { numRuns: 10_000 });
  });
});

/** What TypeScript reads, without layout; undefined if it reports a syntax error. */
function meaningOf(block: string): string | undefined {
  const file = ts.createSourceFile("a.d.ts", block, ts.ScriptTarget.Latest, true);
  if ((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length > 0) return undefined;
  const read = (node: ts.Node): unknown => {
    if (ts.isUnionTypeNode(node) && node.types.length === 1) return read(node.types[0] as ts.TypeNode);
    if (ts.isStringLiteral(node) && !ts.isPropertySignature(node.parent)) return JSON.stringify(node.text);
    if (ts.isStringLiteral(node) || ts.isIdentifier(node)) return node.text;
    const parts: unknown[] = [];
    node.forEachChild((part) => void (part.kind === ts.SyntaxKind.EmptyStatement || parts.push(read(part))));
    if (ts.isNamedExports(node)) parts.sort();
    return [node.kind, ts.isTypeOperatorNode(node) && node.operator, ...parts];
  };
  return JSON.stringify(read(file));
}

/** Same kind, other token. */
function other({ type, value }: { readonly type: string; readonly value: string }): string {
  if (type === "StringLiteral") return JSON.stringify(`${value.slice(1, -1).replace(/[\\'"]/g, "")}!`);
  if (type === "IdentifierName") return `${value}x`;
  return value === "&" ? "|" : "&";
}

it("types with any other token, or with one fewer, don't declare the same", () => {
  const tokens = allTokens(code, false);
  const counted = tokens.filter(
    ({ type, value }) => !/^(?:WhiteSpace|LineTerminatorSequence|\w+Comment)$/.test(type) && value !== ";",
  );
  fc.assert(
    fc.property(fc.constantFrom(...counted), fc.boolean(), (token, isLess) => {
      const rest = code.slice(token.offset + token.value.length);
      const changed = `${code.slice(0, token.offset)}${isLess ? "" : other(token)}${rest}`;
      expect(declareTheSame(code, changed), JSON.stringify(token)).toBe(false);
    }),
    { numRuns: 300 },
  );
});
