import ts from "typescript";
import type { Block } from "./blocks.ts";

/** A block as a file of a program. */
export interface SnippetFile {
  readonly name: string;
  readonly text: string;
  /** How many lines of the file stand before the block's first one. */
  readonly before: number;
  /** The lines of the block, from 0, that the page says are errors. */
  readonly errors: readonly number[];
}

/** The part of a block that is a program, and the name that its file ends with. */
const PROGRAMS: Readonly<Record<string, (text: string) => { code: string; extension: string } | undefined>> =
  {
    ts: (code) => ({ code, extension: ".ts" }),
    tsx: (code) => ({ code, extension: ".tsx" }),
    js: (code) => ({ code, extension: /\brequire\(/.test(code) ? ".cjs" : ".js" }),
    vue: (text) => within(text, /^<script[^>]*>\n(.*?)<\/script>/ms),
    astro: (text) => within(text, /^---\n(.*?)^---/ms),
  };

/** Such a comment behind a line says that the compiler refuses it. */
const SAYS_ERROR = /\/\/ (?:type )?error:/;

/** The file of a block, with its set-up; nothing for a language that the compiler does not read. */
export function snippetFile(block: Block): SnippetFile | undefined {
  const program = PROGRAMS[block.language]?.(block.text);
  if (program === undefined) return undefined;
  const { code, extension } = program;
  const skipped = block.text.slice(0, block.text.indexOf(code)).split("\n").length - 1;
  const [first = "", last] = block.marker.split(/^\s*…\s*$/m);
  // What the block itself has a declaration for, or its own set-up, is not declared a second time.
  const own = namesOf(code);
  const nearer = withoutNames(first, own);
  // The set-up of a page has types, which plain JavaScript has not.
  const further = /^\.c?js$/.test(extension) ? "" : block.pageSetup;
  const start = `${withoutNames(further, new Set([...own, ...namesOf(nearer)]))}\n${nearer}`;
  const { imports, rest } = last === undefined ? { imports: "", rest: code } : splitImports(code);
  const lines = `${imports}${start}\n`;
  return {
    name: `${block.page.replace(/\.md$/, "").replaceAll("/", "-")}-${block.line}${extension}`,
    text: `${lines}${rest}${last ?? ""}`,
    before: lines.split("\n").length - 1 - skipped,
    errors: block.text.split("\n").flatMap((line, index) => (SAYS_ERROR.test(line) ? [index] : [])),
  };
}

function within(text: string, pattern: RegExp): { code: string; extension: string } | undefined {
  const code = pattern.exec(text)?.[1];
  return code === undefined ? undefined : { code, extension: ".ts" };
}

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile("snippet.tsx", code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
}

/** The names that a program declares or imports at its top. */
function namesOf(code: string): Set<string> {
  const names = new Set<string>();
  const add = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isImportClause(node) || ts.isNamedImports(node))
      ts.forEachChild(node, add);
    if (ts.isVariableStatement(node)) for (const one of node.declarationList.declarations) add(one.name);
    if (ts.isBindingName(node) && !ts.isIdentifier(node)) {
      for (const one of node.elements) if (ts.isBindingElement(one)) add(one.name);
    }
    if (ts.isIdentifier(node)) names.add(node.text);
    else if ("name" in node && node.name !== undefined) add(node.name as ts.Node);
  };
  for (const statement of parse(code).statements) add(statement);
  return names;
}

/** A set-up without the statements, and the imported names, that declare one of these names. */
function withoutNames(setup: string, names: ReadonlySet<string>): string {
  const { statements, endOfFileToken } = parse(setup);
  const kept = statements.map((statement) => {
    if (![...namesOf(statement.getText())].some((name) => names.has(name))) return statement.getFullText();
    return ts.isImportDeclaration(statement) ? importWithout(statement, names) : "";
  });
  return kept.join("") + endOfFileToken.getFullText();
}

function importWithout(statement: ts.ImportDeclaration, names: ReadonlySet<string>): string {
  const { name, namedBindings } = statement.importClause ?? {};
  const elements = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  const others = elements.filter((one) => !names.has(one.name.text)).map((one) => one.getText());
  const parts = name === undefined || names.has(name.text) ? [] : [name.text];
  return `\nimport ${[...parts, `{ ${others.join(", ")} }`].join(", ")} from ${statement.moduleSpecifier.getText()};`;
}

/** A program that goes into a function leaves its imports outside, and blank lines where they were. */
function splitImports(code: string): { imports: string; rest: string } {
  let imports = "";
  let rest = code;
  for (const statement of parse(code).statements.filter(ts.isImportDeclaration)) {
    const text = statement.getText();
    imports += `${text}\n`;
    rest = rest.replace(text, text.replace(/.+/g, ""));
  }
  return { imports, rest };
}
