import { Node, type ObjectLiteralElementLike, Project, type SourceFile, SyntaxKind } from "ts-morph";

/**
 * The syntax tree of a script, TypeScript included, or of JSON. Undefined for a text with syntax errors. Loads no
 * declarations, so names have a meaning within the text alone.
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
  // A byte order mark is white space here, so that places stay those of the text.
  const file = project.createSourceFile(name, text.replace(/^\uFEFF/, " "));
  return project.getProgram().getSyntacticDiagnostics(file).length === 0 ? file : undefined;
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

/** The call of what a node stands for; undefined where it is not called. */
export function callOf(node: Node) {
  const parent = node.getParentIfKind(SyntaxKind.CallExpression);
  return parent?.getExpression() === node ? parent : undefined;
}

/**
 * The value that a name is declared with, wherever in the script. Undefined where the script puts another in its place.
 *
 * @param key the only member of interest: that others are set afterwards does not matter. Default: all are of interest
 */
export function declaredValue(name: Node, key?: string): Node | undefined {
  const [only, ...others] = name.getSymbol()?.getDeclarations() ?? [];
  const isChanged = name
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .some((one) => {
      if (one.getOperatorToken().getKind() !== SyntaxKind.EqualsToken) return false;
      const [changed, member = key] = one.getLeft().getText().split(".");
      return changed === name.getText() && (key === undefined || member === key);
    });
  if (others.length > 0 || isChanged) return undefined;
  return Node.isVariableDeclaration(only) ? only.getInitializer() : only;
}
