// What each entry declares, as files that a change shows in review: dist/*.d.ts are split into chunks, whose names and
// contents say nothing to a reader.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

const DIST = join(ROOT, "dist");
const RECORDED = join(import.meta.dirname, "declarations");

const { exports } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
/** By name of the recorded file, the declarations of an entry. */
const entries = new Map(
  Object.entries<{ types?: string }>(exports).flatMap(([key, { types }]): [string, string][] =>
    types === undefined ? [] : [[key === "." ? "index" : key.slice(2), join(ROOT, types)]],
  ),
);
const program = ts.createProgram([...entries.values()], {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  types: ["node"],
  noLib: true,
});
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/**
 * By entry, all that it exports and all of this package that it refers to, without comments, sorted by name. What an
 * earlier entry has as well stands there only.
 */
function publicDeclarations(): ReadonlyMap<string, string> {
  const placeOf = new Map<ts.Symbol, string>();
  const record = ([entry, file]: [string, string]): [string, string] => {
    const exported = exportsOf(file);
    const names = (symbols: readonly ts.Symbol[]) => symbols.map(exportedName).sort().join(", ");
    const types = names(exported.filter((symbol) => !isValue(symbol)));
    const reached = new Map<ts.Symbol, string>();
    const packages = new Set<string>();
    for (const symbol of exported) reach(original(symbol), reached, packages);
    const own: string[] = [];
    const others = new Set<string>();
    for (const [symbol, text] of reached) {
      const place = placeOf.get(symbol) ?? entry;
      placeOf.set(symbol, place);
      if (place === entry) own.push(text);
      else others.add(place);
    }
    const lines = [
      "// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.",
      ...[...others].sort().map((place) => `// What ${place}.d.ts has as well is there.`),
      ...[...packages].sort(),
      ...own.sort(),
      `export { ${names(exported.filter(isValue))} };`,
      ...(types === "" ? [] : [`export type { ${types} };`]),
    ];
    return [entry, `${lines.join("\n")}\n`];
  };
  return new Map([...entries].map(record));
}

function exportsOf(file: string): readonly ts.Symbol[] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} isn't a module: run npm run build`);
  return checker.getExportsOfModule(module);
}

function original(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** A class that is exported as a type alone is none. */
function isValue(symbol: ts.Symbol): boolean {
  const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) ?? false;
  return !isTypeOnly && (original(symbol).flags & ts.SymbolFlags.Value) > 0;
}

function exportedName(symbol: ts.Symbol): string {
  const { name } = original(symbol);
  const exported = /^\w+$/.test(symbol.name) ? symbol.name : JSON.stringify(symbol.name);
  return name === exported ? name : `${name} as ${exported}`;
}

/** Prints a symbol's declarations, and those of every symbol of this package in them. */
function reach(symbol: ts.Symbol, reached: Map<ts.Symbol, string>, packages: Set<string>): void {
  const own = (symbol.declarations ?? []).filter((one) => one.getSourceFile().fileName.startsWith(DIST));
  if (own.length === 0 || reached.has(symbol)) return;
  const statements = own.map(statementOf);
  reached.set(symbol, statements.map(printed).join("\n"));
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const named = checker.getSymbolAtLocation(node);
      const from = named?.declarations?.map(packageImport).find((text) => text !== undefined);
      if (from !== undefined) packages.add(from);
      else if (named !== undefined && isTopLevel(original(named))) reach(original(named), reached, packages);
    }
    ts.forEachChild(node, walk);
  };
  for (const statement of statements) walk(statement);
}

/** The import of another package that brings a name. */
function packageImport(node: ts.Declaration): string | undefined {
  const declaration = ts.findAncestor(node, ts.isImportDeclaration);
  if (declaration === undefined || !ts.isStringLiteral(declaration.moduleSpecifier)) return undefined;
  const { text } = declaration.moduleSpecifier;
  if (text.startsWith(".")) return undefined;
  return `import ${ts.isNamespaceImport(node) ? node.getText() : `{ ${node.getText()} }`} from "${text}";`;
}

function isTopLevel(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((one) => ts.isSourceFile(statementOf(one).parent));
}

/** A variable's statement, for `declare const a: …`; else the declaration itself. */
function statementOf(node: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function printed(node: ts.Node): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  // An object within another on one line, if it fits.
  return text.replace(/(?<=^ .*)\{\n[^{}]*\}/gm, (inner) => {
    const line = inner.replace(/\n */g, " ");
    return line.length < 100 ? line : inner;
  });
}

describe("the public declarations, as recorded (updated by vitest --update)", () => {
  it.each([...publicDeclarations()])("of %s", async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(RECORDED, `${name}.d.ts`));
  });

  it("don't include a removed entry", async () => {
    expect((await readdir(RECORDED)).sort()).toEqual(
      [...entries.keys()].map((name) => `${name}.d.ts`).sort(),
    );
  });
});
