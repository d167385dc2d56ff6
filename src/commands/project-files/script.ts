import {
  Node,
  type ObjectLiteralElementLike,
  type ObjectLiteralExpression,
  Project,
  type PropertyAssignment,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { type PluginStyle, pluginKeys } from "./tools.ts";

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

/**
 * The object that takes plugins: the config itself, or what a script passes to esbuild's `build` or `context`.
 * Undefined if that isn't written out in this file.
 */
export function configObject(file: SourceFile, style: PluginStyle): ObjectLiteralExpression | undefined {
  if (style !== "esbuild") return objectOf(configExport(file)?.node, pluginKeys(style)[0]);
  const names = namesFrom(file, "esbuild");
  const [only, ...others] = file.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => {
    const callee = call.getExpression().getText();
    return /^(?:\w+\.)?(?:build|context)$/.test(callee) && names.includes(callee.split(".")[0] ?? "");
  });
  return others.length === 0 ? objectOf(only?.getArguments()[0], "plugins") : undefined;
}

/** A function that is called this returns the config that it's given: tools have them for types. */
const DEFINES_CONFIG = /^(?:\w+\.)?define\w+$/;

/**
 * The object that an expression is, or passes to `defineConfig`, or that the function it passes returns.
 * Undefined if it could be more than one object, or if another function makes the config: we don't know what that does
 * with its argument.
 */
function objectOf(node: Node | undefined, key = "", hops = 0): ObjectLiteralExpression | undefined {
  const value = bareExpression(node);
  if (value === undefined || hops > 4) return undefined;
  if (Node.isObjectLiteralExpression(value)) return value;
  const next = (inner: Node | undefined) => objectOf(inner, key, hops + 1);
  if (Node.isIdentifier(value)) return next(declaredValue(value, key));
  if (Node.isCallExpression(value))
    return DEFINES_CONFIG.test(value.getExpression().getText()) ? next(value.getArguments()[0]) : undefined;
  if (!Node.isBodied(value) && !Node.isBodyable(value)) return undefined;
  const body = value.getBody();
  if (!Node.isBlock(body)) return next(body);
  const [only, ...others] = body
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .filter(
      (one) => one.getFirstAncestor((around) => Node.isBodied(around) || Node.isBodyable(around)) === value,
    );
  return others.length === 0 ? next(only?.getExpression()) : undefined;
}

/** The value that a name is declared with. Undefined if the script sets it, or the member that matters, again. */
function declaredValue(name: Node, key: string): Node | undefined {
  const [only, ...others] = name.getSymbol()?.getDeclarations() ?? [];
  const isChanged = name
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .some((one) => [name.getText(), `${name.getText()}.${key}`].includes(one.getLeft().getText()));
  if (others.length > 0 || isChanged) return undefined;
  return Node.isVariableDeclaration(only) ? only.getInitializer() : only;
}
