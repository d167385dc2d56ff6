import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { glob } from "tinyglobby";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/run.ts";
import { LONG_TESTS, NO_UNIT_TESTS, UNIT_TESTS } from "../unit-tests.ts";

/** What builds: a test that imports one is no unit test. */
const BUNDLERS = /^(?:@farmfe\/core|@rspack\/core|esbuild|next|rolldown|rollup|tsdown|vite|webpack)(?:\/|$)/;
/** What the helpers of tests do with the built package or a bundler. */
const BUILT = ["buildApp", "linkPackage", "scopeGen"];

/** What a test file, with its helpers, takes from a build or a bundler; nothing for a unit test. */
async function needsOf(file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = ts.createSourceFile(file, await readFile(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  const needs: string[] = [];
  for (const statement of source.statements.filter(ts.isImportDeclaration)) {
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    const clause = statement.importClause;
    if (clause?.isTypeOnly === true) continue;
    if (BUNDLERS.test(text)) needs.push(text);
    if (!text.startsWith(".")) continue;
    const imported = join(dirname(file), text.replace(/\?.*/, ""));
    if (imported.startsWith("dist")) needs.push(imported);
    if (!imported.startsWith("test")) continue;
    needs.push(...namesOf(clause).filter((name) => BUILT.includes(name)));
    // These hold the helpers that need a build beside those that do not.
    if (!imported.startsWith(join("test", "support"))) needs.push(...(await needsOf(imported, seen)));
  }
  return needs;
}

function namesOf(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
}

const listed = await glob([...UNIT_TESTS], { cwd: ROOT, ignore: ["**/*.slow.test.ts", ...NO_UNIT_TESTS] });
const leftOut = await glob([...NO_UNIT_TESTS], { cwd: ROOT });

describe("the unit tests", () => {
  it.each(listed.sort())("%s needs no build and no bundler", async (file) => {
    expect(await needsOf(file)).toEqual([]);
  });

  it.each([...UNIT_TESTS, ...NO_UNIT_TESTS, ...LONG_TESTS])("%s is of some test", async (pattern) => {
    expect((await glob([pattern], { cwd: ROOT })).length).toBeGreaterThan(0);
  });

  it.each(leftOut.sort())("%s is left out for a reason", async (file) => {
    const text = await readFile(join(ROOT, file), "utf8");
    // A script that builds is run, not imported.
    expect((await needsOf(file)).length > 0 || /"(?:dist|build-\w+\.js)"/.test(text)).toBe(true);
  });
});
