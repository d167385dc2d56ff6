import {
  NewLineKind,
  Node,
  type ObjectLiteralElementLike,
  type ObjectLiteralExpression,
  Project,
  type PropertyAssignment,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { eolOf } from "./text-style.ts";

/**
 * The syntax tree of a script, TypeScript included, or of JSON. Undefined for a text with syntax errors. Loads no
 * declarations, so names only have a meaning within the text.
 *
 * @param extension of the file, with its dot
 */
export function parseScript(text: string, extension = ".ts"): SourceFile | undefined {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true },
    manipulationSettings: {
      newLineKind: eolOf(text) === "\r\n" ? NewLineKind.CarriageReturnLineFeed : NewLineKind.LineFeed,
    },
  });
  const name = extension === ".json" ? "/script.json" : "/script.ts";
  const file = project.createSourceFile(name, text);
  return project.getProgram().getSyntacticDiagnostics(file).length === 0 ? file : undefined;
}

/**
 * The text of a script that {@link parseScript} read, after edits.
 *
 * @param before the text that was read: the tree doesn't contain its byte order mark
 */
export function textOf(file: SourceFile, before: string): string {
  return (before.startsWith("\uFEFF") ? "\uFEFF" : "") + file.getFullText();
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

/** What a JSON text holds, if that's an object. */
export function jsonObject(text: string): ObjectLiteralExpression | undefined {
  const root = parseScript(text, ".json")
    ?.getStatementByKind(SyntaxKind.ExpressionStatement)
    ?.getExpression();
  return Node.isObjectLiteralExpression(root) ? root : undefined;
}

/** The member `key: value` of an object literal. */
export function memberOf(object: Node | undefined, key: string): PropertyAssignment | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  return object
    .getProperties()
    .filter(Node.isPropertyAssignment)
    .find((one) => keyOf(one) === key);
}

/** The expression under some keys of an object literal, without what wraps it. */
export function valueUnder(object: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>(
    (at, key) => bareExpression(memberOf(at, key)?.getInitializer()),
    object,
  );
}

/** The call that a node is the callee of; undefined if it isn't called. */
export function callOf(node: Node) {
  const parent = node.getParentIfKind(SyntaxKind.CallExpression);
  return parent?.getExpression() === node ? parent : undefined;
}

/**
 * The value that a name is declared with, anywhere in the script. Undefined if the script assigns another.
 *
 * @param key the only member that matters: others can be set afterwards. Default: all matter
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
