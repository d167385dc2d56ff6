import { type ParseError, parse as parseJsonc, printParseErrorCode } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type Block, notChecked, readPage, readPages } from "./blocks.ts";
import { checkCommands, checkInlineCommand } from "./commands.ts";
import { type SnippetFile, snippetFile } from "./snippet-file.ts";
import { checkSnippets } from "./snippet-project.ts";

/** What programs print, and changes of a file: no compiler reads them. */
const NO_CODE = ["", "text", "diff"];

const pages = await readPages();
const blocks = pages.flatMap((page) => page.blocks).filter(({ language }) => !NO_CODE.includes(language));
const left = blocks.filter((block) => notChecked(block) !== undefined);
const checked = blocks.filter((block) => notChecked(block) === undefined);
const inLanguage = (...languages: string[]) =>
  checked
    .filter(({ language }) => languages.includes(language))
    .map((block) => [placeOf(block), block] as const);

function placeOf({ page, line, language }: Block): string {
  return `${page}:${line} ${language}`;
}

/** A part of an object, as of a package.json, is shown without its braces. */
function parseJson(text: string): string[] {
  const errors: ParseError[] = [];
  const isWhole = /^\s*[[{]/.test(text.replace(/^\s*\/\/.*$/gm, ""));
  parseJsonc(isWhole ? text : `{${text}\n}`, errors);
  return errors.map(({ error, offset }) => `${printParseErrorCode(error)} at ${offset}`);
}

describe("code in the pages", () => {
  const programs = checked.flatMap((block) => {
    const file = snippetFile(block);
    return file === undefined ? [] : [{ block, file }];
  });

  it("compiles, except for the lines that say they don't", async () => {
    const wrong: string[] = [];
    const findings = await checkSnippets(programs.map(({ file }) => file));
    const isAt = (file: SnippetFile, line: number) => (one: { file: string; line: number }) =>
      one.file === file.name && one.line === line;
    for (const { block, file } of programs) {
      const at = (line: number) => `${block.page}:${block.line + 1 + line}`;
      for (const line of file.errors.filter((one) => !findings.some(isAt(file, one)))) {
        wrong.push(`${at(line)} compiles, and the page says that it does not`);
      }
      for (const { line, message } of findings.filter((one) => one.file === file.name)) {
        if (!file.errors.includes(line)) wrong.push(`${at(line)} ${message}`);
      }
    }
    const others = findings.filter((one) => !programs.some(({ file }) => file.name === one.file));
    expect([...wrong, ...others.map(({ file, message }) => `${file} ${message}`)]).toEqual([]);
  }, 180_000);

  it.each(inLanguage("json", "jsonc"))("%s is JSON", (_, { text }) => {
    expect(parseJson(text)).toEqual([]);
  });

  it.each(inLanguage("yaml", "yml"))("%s is YAML", (_, { text }) => {
    expect(parseDocument(text).errors).toEqual([]);
  });

  it.each(inLanguage("sh"))("%s has commands that exist", async (_, { text }) => {
    await checkCommands(text);
  });

  it.each(
    pages.flatMap((page) => page.commands).map((one) => [`${one.page}:${one.line} ${one.text}`, one.text]),
  )("%s is a command that exists", async (_, text) => {
    await checkInlineCommand(text);
  });

  it("is checked, unless a comment says why not", () => {
    const known = new Set([
      ...programs.map(({ block }) => block),
      ...inLanguage("json", "jsonc", "yaml", "yml", "sh").map(([, block]) => block),
    ]);
    const reasons = left.map((block) => `${placeOf(block)}: ${notChecked(block)}`);
    const text = [`${known.size} blocks of code are checked, ${left.length} are not.`, ...reasons].join(
      "\n  ",
    );
    process.stdout.write(`${text}\n`);
    expect(checked.filter((block) => !known.has(block)).map(placeOf)).toEqual([]);
    expect(left.filter((block) => notChecked(block) === "").map(placeOf)).toEqual([]);
  });
});

describe("the check itself", () => {
  const only = (text: string) => readPage("page.md", text).blocks[0]!;
  const commandOf = (text: string) => readPage("page.md", text).commands[0]?.text;

  it.each([
    ["scope-gen pul", /unknown|pul/i],
    ["npx scope-gen check --labe latest", /--labe/],
    ["npm ci && npm run demonstration", /demonstration/],
    ["node --import unplugin-scope/registers app.js", /registers/],
    ["npx no-such-program", /no-such-program/],
    ["SCOPE_FETCH=never unheard-of", /unheard-of/],
  ])("refuses %s", async (text, message) => {
    await expect(checkCommands(text)).rejects.toThrow(message);
  });

  it.each([
    ["scope-gen pul [names…]", /"pul"/],
    ["scope-gen pul", /"pul"/],
    ["scope-gen pull [--prun]", /"--prun"/],
  ])("refuses %s in a sentence", async (text, message) => {
    await expect(checkInlineCommand(text)).rejects.toThrow(message);
  });

  it("finds what doesn't compile, and what compiles despite its comment", async () => {
    const block = only("```ts\nconst one: string = 1;\nconst two = 2; // error: no\n```\n");
    const file = snippetFile(block)!;
    const findings = await checkSnippets([file]);
    expect(findings.map(({ line }) => line)).toEqual([0]);
    expect(file.errors).toEqual([1]);
  }, 120_000);

  it("leaves out the front matter if git writes CRLF too", () => {
    const text = "---\r\ntitle: `scope-gen pul`\r\n---\r\n\r\n```ts\r\nlet x;\r\n```\r\n";
    const { blocks, commands } = readPage("page.md", text);
    expect(commands).toEqual([]);
    expect(blocks).toMatchObject([{ line: 5, text: "let x;\n" }]);
  });

  it("reads a reason, and commands between words", () => {
    expect(
      notChecked(only("<!-- snippet: not checked: of another tool -->\n\n```ts\nlet x = ;\n```\n")),
    ).toBe("of another tool");
    expect(commandOf("Run `scope-gen check` first.")).toBe("scope-gen check");
    expect(commandOf("Read `scope-gen.md` first.")).toBeUndefined();
  });
});
