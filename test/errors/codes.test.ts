import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/errors/codes.ts";
import { ROOT } from "../support/run.ts";

const codes: readonly string[] = ERROR_CODES;

/** Every `.ts` file of a folder that is code and holds a code, without the table of codes and this test. */
async function sourcesOf(folder: string): Promise<{ readonly file: string; readonly text: string }[]> {
  const files = (await readdir(join(ROOT, folder), { recursive: true })).filter(
    (file) => /(?<!\.d)\.ts$/.test(file) && !/(?:^|[\\/])errors[\\/]codes(?:\.test)?\.ts$/.test(file),
  );
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(ROOT, folder, file), "utf8") })),
  );
  return sources.filter(({ text }) => codes.some((code) => text.includes(code)));
}

/** Every string of a file, with what it is a part of. Comments, and longer texts that hold the same, are none. */
function stringsIn(file: string, text: string): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Is the string given to something, as the code of an error is? A type, a comparison and a question give nothing. */
function isGiven({ parent }: ts.StringLiteralLike): boolean {
  if (ts.isLiteralTypeNode(parent) || ts.isBinaryExpression(parent) || ts.isCaseClause(parent)) return false;
  // What the local platform answers is the platform's code, not an error of this package.
  if (ts.isNewExpression(parent)) return parent.expression.getText() !== "Refusal";
  return !(ts.isCallExpression(parent) && parent.expression.getText() === "isScopeError");
}

/** The codes that a test names: whole words, and no parts of longer codes. */
function wordsOf(text: string): string[] {
  return text.match(/[a-z]+(?:[_-][a-z]+)+/g) ?? [];
}

describe("every error code", () => {
  it("has an entry in docs/errors.md with its name, what it means and its fix", async () => {
    const page = await readFile(join(ROOT, "docs", "errors.md"), "utf8");
    const [index = "", ...stages] = page.split(/^## /m);
    const entries = stages.flatMap((stage) => stage.split(/^### /m).slice(1));
    const names = entries.map((entry) => entry.split("\n", 1)[0]);
    expect(names.toSorted()).toEqual(codes.toSorted());
    // The list at the top leads to each, in the same order.
    expect([...index.matchAll(/\[([\w-]+)\]\(#\1\)/g)].map(([, name]) => name)).toEqual(names);
    const form = /^[\w-]+\n\n[A-Z`].+\n\n\*\*Fix\*\*: .+\n$/;
    expect(entries.map((entry) => entry.trimEnd()).filter((entry) => !form.test(`${entry}\n`))).toEqual([]);
  });

  it("is used in an error somewhere", async () => {
    const sources = await sourcesOf("src");
    const given = new Set(
      sources.flatMap(({ file, text }) =>
        stringsIn(file, text)
          .filter(isGiven)
          .map((one) => one.text),
      ),
    );
    // What only generated code throws.
    const templates = await Promise.all(
      (await readdir(join(ROOT, "templates"))).map((file) => readFile(join(ROOT, "templates", file), "utf8")),
    );
    const isThrown = (code: string) => templates.some((text) => text.includes(`code: "${code}"`));
    expect(codes.filter((code) => !given.has(code) && !isThrown(code))).toEqual([]);
  });

  it("has a test", async () => {
    const tests = await sourcesOf("test");
    const named = new Set(
      tests.flatMap(({ file, text }) => stringsIn(file, text).flatMap((one) => wordsOf(one.text))),
    );
    // What a recorded session of a command prints.
    const samples = join(ROOT, "test", "commands", "samples");
    for (const file of await readdir(samples, { recursive: true }))
      if (file.endsWith(".txt"))
        for (const [, code = ""] of (await readFile(join(samples, file), "utf8")).matchAll(
          /(?:^! | · )(\w+) {2}/gm,
        ))
          named.add(code);
    expect(codes.filter((code) => !named.has(code))).toEqual([]);
  });
});

describe("a code doesn't count as used or tested", () => {
  it.each([
    ["a type", 'type Code = "some_code";', []],
    ["a comparison", 'if (error.code === "some_code") throw error;', []],
    ["a condition", 'isScopeError(error, "some_code");', []],
    ["a response of the local platform", 'new Refusal(404, "some_code", text);', []],
    ["a comment", '// throws "some_code"', []],
    ["a longer text", 'fail("some_code: not good");', ["some_code: not good"]],
    ["a property", 'new ScopeError(text, { code: "some_code" });', ["some_code"]],
    ["a ternary", 'fail({ code: isBad ? "some_code" : "other_code" });', ["some_code", "other_code"]],
    ["a table row", 'const ROW = [ApiError, "some_code"];', ["some_code"]],
  ])("if it's in %s", (_, text, want) => {
    const given = stringsIn("file.ts", text).filter(isGiven);
    expect(given.map((one) => one.text)).toEqual(want);
  });

  it("if it's part of a longer one", () => {
    expect(wordsOf("[build] template_invalid_delimiters, not tsconfig_invalid.")).toEqual([
      "template_invalid_delimiters",
      "tsconfig_invalid",
    ]);
  });
});
