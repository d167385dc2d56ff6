import { type CallExpression, type Identifier, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { callOf } from "./parse-script.ts";

/** One name that a script has for something of a module. */
export interface ImportedName {
  /** What it is in the module: a name, `default`, or `*` for everything. */
  readonly imported: string;
  /** Undefined for an import that is used right away, like `require("x")(…)`. */
  readonly local?: Identifier;
  /** The expression that represents it if it's used right away. */
  readonly inline?: Node;
}

/** A place where a script imports a module, or re-exports it. */
export interface ScriptImport {
  /** As the script names it. */
  readonly module: string;
  readonly names: readonly ImportedName[];
  /** The statement, or the call of `require` or `import`. */
  readonly node: Node;
}

/** All imports, requires and `export … from` of a script, by place. */
export function importsOf(file: SourceFile): readonly ScriptImport[] {
  return file.getDescendantsOfKind(SyntaxKind.StringLiteral).flatMap((literal): ScriptImport[] => {
    const module = literal.getLiteralText();
    const node = literal.getParent();
    if (Node.isImportDeclaration(node)) return [{ module, names: clauseNames(node), node }];
    if (Node.isExportDeclaration(node)) return [{ module, names: [], node }];
    // `import name = require("x")`
    if (Node.isExternalModuleReference(node)) {
      const statement = node.getParentIfKindOrThrow(SyntaxKind.ImportEqualsDeclaration);
      return [{ module, names: [{ imported: "*", local: statement.getNameNode() }], node: statement }];
    }
    if (!Node.isCallExpression(node) || !["require", "import"].includes(node.getExpression().getText()))
      return [];
    return node.getArguments()[0] === literal ? [{ module, names: calledNames(node), node }] : [];
  });
}

/** The modules that a script imports or re-exports, as it names them. */
export function importedModules(file: SourceFile): readonly string[] {
  return importsOf(file).map(({ module }) => module);
}

/** The names that a script's imports give to a module's exports; none when it doesn't import it. */
export function importedNames(file: SourceFile, wanted: string): readonly ImportedName[] {
  return importsOf(file).flatMap(({ module, names }) => (module === wanted ? names : []));
}

/**
 * The nodes where a script does something with a module: those that use one of its names, the `require` or `import` of
 * one that is used right away, the `export` of one that is re-exported.
 */
export function usesOf(file: SourceFile, wanted: string): readonly Node[] {
  return importsOf(file).flatMap(({ module, names, node }) => {
    if (module !== wanted) return [];
    const locals = names.flatMap(({ local }) => local ?? []);
    if (locals.length > 0) return locals.flatMap(usesOfName);
    return Node.isImportDeclaration(node) ? [] : [node];
  });
}

/** The calls of a module's exports with a given name, whatever the local name. */
export function callsOf(file: SourceFile, module: string, wanted: RegExp): readonly CallExpression[] {
  return importedNames(file, module).flatMap((name) => {
    const places = name.local === undefined ? [] : usesOfName(name.local);
    return [...places, ...(name.inline === undefined ? [] : [name.inline])].flatMap(
      (place) => callOfExport(place, name, wanted) ?? [],
    );
  });
}

function callOfExport(place: Node, { imported }: ImportedName, wanted: RegExp) {
  // The default export of a CommonJS module is the whole module.
  const isWhole = imported === "*" || imported === "default";
  const member = place.getParentIfKind(SyntaxKind.PropertyAccessExpression);
  if (isWhole && member !== undefined && wanted.test(member.getName())) return callOf(member);
  const isMeant = wanted.test(imported) || (imported === "*" && wanted.test("default"));
  return isMeant ? callOf(place) : undefined;
}

/** Where a script uses a name that it declares. */
function usesOfName(name: Identifier): readonly Node[] {
  return name.findReferencesAsNodes().filter((node) => node !== name);
}

/** `import a, { b as c } from "x"` */
function clauseNames(statement: Node): readonly ImportedName[] {
  const clause = statement.asKindOrThrow(SyntaxKind.ImportDeclaration).getImportClause();
  if (clause === undefined || clause.isTypeOnly()) return [];
  const star = clause.getNamespaceImport();
  const first = clause.getDefaultImport();
  return [
    ...clause.getNamedImports().map((one) => ({
      imported: one.getName(),
      local: one.getAliasNode() ?? one.getNameNode().asKindOrThrow(SyntaxKind.Identifier),
    })),
    ...(first === undefined ? [] : [{ imported: "default", local: first }]),
    ...(star === undefined ? [] : [{ imported: "*", local: star }]),
  ];
}

/** `const a = require("x")`, `const { a: b } = await import("x")`, or used right away. */
function calledNames(call: Node): readonly ImportedName[] {
  let value = call;
  const climb = (isAround: (node: Node | undefined) => boolean) => {
    for (let parent = value.getParent(); parent !== undefined && isAround(parent); parent = value.getParent())
      value = parent;
  };
  climb((node) => Node.isAwaitExpression(node) || Node.isParenthesizedExpression(node));
  const whole = value;
  climb((node) => Node.isPropertyAccessExpression(node) && node.getName() === "default");
  const parent = value.getParent();
  if (Node.isVariableDeclaration(parent)) {
    const target = parent.getNameNode();
    if (Node.isIdentifier(target)) return [{ imported: value === whole ? "*" : "default", local: target }];
    const elements = Node.isObjectBindingPattern(target) ? target.getElements() : [];
    return elements.flatMap((one) => {
      const local = one.getNameNode();
      const imported = one.getPropertyNameNode()?.getText() ?? one.getName();
      return Node.isIdentifier(local) ? [{ imported, local }] : [];
    });
  }
  return Node.isPropertyAccessExpression(parent) || callOf(value) !== undefined
    ? [{ imported: "*", inline: value }]
    : [];
}
