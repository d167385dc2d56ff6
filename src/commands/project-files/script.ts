import {
  Node,
  type ObjectLiteralElementLike,
  type ObjectLiteralExpression,
  Project,
  type PropertyAssignment,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";

/**
 * The syntax tree of a script, TypeScript included, or of JSON. Undefined for a text with syntax errors. Loads no
 * declarations, so names only have a meaning within the text. A byte order mark isn't part of the tree's text.
 *
 * @param extension of the file, with its dot
 */
export function parseScript(text: string, extension = ".ts"): SourceFile | undefined {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true },
  });
  const name = extension === ".json" ? "/script.json" : "/script.ts";
  const file = project.createSourceFile(name, text);
  return project.getProgram().getSyntacticDiagnostics(file).length === 0 ? file : undefined;
}

/** What a JSON text holds, if that's an object. */
export function jsonObject(text: string): ObjectLiteralExpression | undefined {
  const root = parseScript(text, ".json")
    ?.getStatementByKind(SyntaxKind.ExpressionStatement)
    ?.getExpression();
  return Node.isObjectLiteralExpression(root) ? root : undefined;
}

/** An expression without the parentheses, `satisfies` and `as` around it. */
export function bareExpression(node: Node | undefined): Node | undefined {
  return Node.isParenthesizedExpression(node) || Node.isSatisfiesExpression(node) || Node.isAsExpression(node)
    ? bareExpression(node.getExpression())
    : node;
}

/** The key of a member of an object literal; undefined for a spread and a computed key. */
export function keyOf(member: ObjectLiteralElementLike | undefined): string | undefined {
  const name = Node.isSpreadAssignment(member) ? undefined : member?.getNameNode();
  if (Node.isStringLiteral(name)) return name.getLiteralText();
  return Node.isIdentifier(name) ? name.getText() : undefined;
}

/** The member `key: value` of an object literal. */
export function memberOf(object: Node | undefined, key: string): PropertyAssignment | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  return object
    .getProperties()
    .filter(Node.isPropertyAssignment)
    .find((one) => keyOf(one) === key);
}

/** The expression under a key of an object literal, without what wraps it. */
export function valueUnder(object: Node | undefined, key: string): Node | undefined {
  return bareExpression(memberOf(object, key)?.getInitializer());
}

/** The local names that a script's imports and requires of a module declare. */
export function namesFrom(file: SourceFile, module: string): readonly string[] {
  return file
    .getDescendantsOfKind(SyntaxKind.StringLiteral)
    .filter((literal) => literal.getLiteralText() === module)
    .flatMap((literal) => {
      const declaration =
        literal.getFirstAncestorByKind(SyntaxKind.ImportDeclaration)?.getImportClause() ??
        literal.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)?.getNameNode();
      if (Node.isIdentifier(declaration)) return [declaration.getText()];
      return declaration?.getDescendantsOfKind(SyntaxKind.Identifier).map((one) => one.getText()) ?? [];
    });
}

/** What a config file gives its tool. */
interface ConfigExport {
  readonly isEsm: boolean;
  /** The exported expression, function or class. */
  readonly node: Node;
}

/** `export default …` or `module.exports = …`; undefined unless there is exactly one. */
export function configExport(file: SourceFile): ConfigExport | undefined {
  const esm = [
    ...file.getStatements().filter((one) => Node.isModifierable(one) && one.hasModifier("default")),
    ...file.getExportAssignments().map((one) => one.getExpression()),
  ];
  const cjs = file
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .filter((one) => one.getLeft().getText() === "module.exports")
    .map((one) => one.getRight());
  const [only, ...others] = [...esm, ...cjs];
  return only === undefined || others.length > 0 ? undefined : { isEsm: esm.length > 0, node: only };
}

/** A function that is called this returns the config that it's given: tools have them for types. */
const DEFINES_CONFIG = /^(?:\w+\.)?define\w+$/;

/**
 * The object that a script exports as its config: itself, in `defineConfig`, as the result of its arrow function, or in a
 * constant that nothing changes.
 * Undefined if it's written in any other way.
 */
export function configObject(file: SourceFile): ObjectLiteralExpression | undefined {
  let value = bareExpression(configExport(file)?.node);
  if (Node.isIdentifier(value)) {
    const name = value.getText();
    const [only, ...others] = value.getSymbol()?.getDeclarations() ?? [];
    const isChanged = file
      .getDescendantsOfKind(SyntaxKind.BinaryExpression)
      .some((one) => one.getLeft().getText().split(".")[0] === name);
    if (others.length > 0 || isChanged || !Node.isVariableDeclaration(only)) return undefined;
    value = bareExpression(only.getInitializer());
  }
  if (Node.isCallExpression(value) && DEFINES_CONFIG.test(value.getExpression().getText()))
    value = bareExpression(value.getArguments()[0]);
  if (Node.isArrowFunction(value)) {
    const body = value.getBody();
    const last = Node.isBlock(body) ? body.getStatements().at(-1) : undefined;
    const returns = body.getDescendantsOfKind(SyntaxKind.ReturnStatement).length;
    value = bareExpression(Node.isReturnStatement(last) && returns === 1 ? last.getExpression() : body);
  }
  return Node.isObjectLiteralExpression(value) ? value : undefined;
}
