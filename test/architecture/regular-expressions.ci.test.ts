// A regular expression that takes exponential or quadratic time on some text lets the author of that text stop a
// build or a server. Each of ours is looked at by recheck, which finds such texts; what it cannot clear is listed with
// the reason why it may stay.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { check } from "recheck";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const OWN_SOURCES =
  "It reads the project's own sources, not what the platform sends, and is not exponential.";
const ONE_START =
  "A lookbehind lets a run of characters begin one match; test/compiler measures it on long texts.";

/** By file and beginning. A reason says who writes the text, or why its length is bounded. */
// biome-ignore format: one row a line
const ACCEPTED: readonly (readonly [file: string, beginning: string, reason: string])[] = [
  ["src/project/calls/new-errors.ts", "\\bdeclare", OWN_SOURCES],
  ["src/project/discovery/scan-script.ts", "(\\bimport", OWN_SOURCES],
  ["src/project/discovery/scan-script.ts", "(@import", OWN_SOURCES],
  ["src/project/discovery/scan-script.ts", "<(?=\\s*(?:const", OWN_SOURCES],
  ["src/project/discovery/component-scripts.ts", "<!--", OWN_SOURCES],
  ["src/compiler/secrets.ts", "", ONE_START],
  ["src/runtime/live/poll-version.ts", "\\/+$", "It reads the address that the application itself configures."],
  ["src/compiler/diagnose.ts", "\\{\\{\\s*", "What it repeats is at most 80 characters long, and braces end it."],
  ["src/template/near-misses.ts", "\\{\\{(", "What it repeats is at most 80 characters long."],
  ["src/template/near-misses.ts", "^\\s*\\.?", "It reads what is in braces: at most 80 characters."],
  ["src/files/run-git.ts", "^(.*:", "It reads a line that git prints: one path of the project."],
];

interface Found {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

const files = [
  ...(await readdir(join(ROOT, "src"), { recursive: true })).map((name) => `src/${name}`),
  ...(await readdir(join(ROOT, "templates"))).map((name) => `templates/${name}`),
].filter((file) => /\.(?:ts|mustache)$/.test(file));
const sources = await Promise.all(
  files.map(async (file) => parse(file, await readFile(join(ROOT, file), "utf8"))),
);

/** A template of code, without the tags of its own sections, is near enough to code. */
function parse(file: string, text: string): ts.SourceFile {
  const code = file.endsWith(".mustache") ? text.replace(/\{\{[#/^]\w+\}\}/g, "") : text;
  return ts.createSourceFile(file.replace(/mustache$/, "mustache.ts"), code, ts.ScriptTarget.Latest, true);
}

function expressionsIn(source: ts.SourceFile): Found[] {
  const found: Found[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push({
        file: source.fileName.replace(/mustache\.ts$/, "mustache"),
        line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
      });
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

const expressions = sources.flatMap(expressionsIn);
const isAccepted = (one: Found) =>
  ACCEPTED.some(([file, beginning]) => one.file === file && one.source.startsWith(beginning));

describe("regular expressions", () => {
  it("take linear time on any text", async () => {
    const looked = expressions.filter((one) => !isAccepted(one));
    expect(looked.length).toBeGreaterThan(100);
    const slow: string[] = [];
    await Promise.all(
      looked.map(async ({ file, line, source, flags }) => {
        let verdict = await check(source, flags, { timeout: 60_000 });
        // A search has once called an expression slow that the exact check clears: that one has the last word, if it can tell.
        if (verdict.status === "vulnerable" && verdict.checker === "fuzz") {
          const exact = await check(source, flags, { timeout: 60_000, checker: "automaton" });
          if (exact.status !== "unknown") verdict = exact;
        }
        if (verdict.status === "safe") return;
        const what = verdict.status === "vulnerable" ? verdict.complexity.summary : verdict.error.kind;
        slow.push(`${file}:${line} /${source}/${flags}: ${what}`);
      }),
    );
    expect(slow.sort()).toEqual([]);
  }, 180_000);

  it("are still there if they're on the list of exceptions", () => {
    const gone = ACCEPTED.filter(([file, beginning]) =>
      expressions.every((one) => one.file !== file || !one.source.startsWith(beginning)),
    );
    expect(gone).toEqual([]);
  });

  it("are literals, so that this test can check them", () => {
    const made = sources.filter(({ text }) => /\bRegExp\(/.test(text)).map(({ fileName }) => fileName);
    // Of names of variables, which are letters.
    expect(made).toEqual(["src/project/discovery/find-uses.ts"]);
  });
});
