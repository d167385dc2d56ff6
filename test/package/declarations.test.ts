// What each entry declares, as files that a change shows in review: dist/*.d.ts are split into chunks, whose names and
// contents say nothing to a reader.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

const DIST = join(ROOT, "dist");
const INDEX = join(DIST, "index.d.ts");
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

/** All that an entry exports and all of this package that it refers to, without comments, sorted by name. */
function publicDeclarations(file: string): string {
  const exported = exportsOf(file);
  const names = exported.map((symbol) => {
    const { name } = original(symbol);
    return name === symbol.name ? name : `${name} as ${nameText(symbol.name)}`;
  });
  const reached = new Map<ts.Symbol, string>();
  const packages = new Set<string>();
  for (const symbol of exported) reach(original(symbol), reached, packages);
  const isShared = (text: string) => file !== INDEX && reachedOf(INDEX).includes(text);
  const texts = [...reached.values()].sort();
  return [
    "// Recorded from dist by vitest --update: all that this entry exports, and all that these declarations refer to.",
    ...(texts.some(isShared) ? ["// What index.d.ts has as well is there."] : []),
    ...[...packages].sort(),
    ...texts.filter((text) => !isShared(text)),
    `export { ${names.sort().join(", ")} };`,
    "",
  ].join("\n");
}

/** The texts of all that an entry's exports refer to. */
function reachedOf(file: string): readonly string[] {
  const reached = new Map<ts.Symbol, string>();
  for (const symbol of exportsOf(file)) reach(original(symbol), reached, new Set());
  return [...reached.values()];
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

function nameText(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
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
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
}

describe("the public declarations, as recorded (updated by vitest --update)", () => {
  it.each([...entries])("of %s", async (name, file) => {
    await expect(publicDeclarations(file)).toMatchFileSnapshot(join(RECORDED, `${name}.d.ts`));
  });

  it("don't include a removed entry", async () => {
    expect((await readdir(RECORDED)).sort()).toEqual(
      [...entries.keys()].map((name) => `${name}.d.ts`).sort(),
    );
  });
});
