import { ts } from "ts-morph";

/** A literal that evaluates to a text. */
export type TextLiteral = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

/** What a literal consists of: text as it's evaluated, and the values in between. */
export type LiteralPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly expression: ts.Expression };

/** The literals of a script that are values, in their order. A literal in an interpolation follows the outer one. */
export function textLiterals(source: ts.SourceFile): readonly TextLiteral[] {
  const found: TextLiteral[] = [];
  const walk = (node: ts.Node): void => {
    if (isTextLiteral(node) && isValue(node)) found.push(node);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

export function isTextLiteral(node: ts.Node): node is TextLiteral {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** The parts of a literal, with escapes decoded. */
export function partsOf(literal: TextLiteral): readonly LiteralPart[] {
  if (!ts.isTemplateExpression(literal)) return [{ kind: "text", text: literal.text }];
  return [
    { kind: "text", text: literal.head.text },
    ...literal.templateSpans.flatMap(({ expression, literal: { text } }): LiteralPart[] => [
      { kind: "value", expression },
      { kind: "text", text },
    ]),
  ];
}

/** Where a node is, from 1. */
export function placeIn(node: ts.Node): { readonly line: number; readonly column: number } {
  const source = node.getSourceFile();
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { line: line + 1, column: character + 1 };
}

/** Not a directive, a type, a name, or a part of a tag, an import or a template with a tag. */
function isValue(literal: TextLiteral): boolean {
  const { parent } = literal;
  if (ts.isTaggedTemplateExpression(parent) || ts.isJsxAttribute(parent)) return false;
  if (ts.isExpressionStatement(parent) || ts.isLiteralTypeNode(parent) || ts.isEnumMember(parent))
    return false;
  if (ts.isElementAccessExpression(parent)) return parent.argumentExpression !== literal;
  if (ts.isCallExpression(parent)) return !isModuleCall(parent);
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent))
    return parent.initializer === literal;
  return (
    ts.isExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isJsxExpression(parent) ||
    isValueOf(parent, literal)
  );
}

/** Does a declaration or a statement use it as a value? */
function isValueOf(parent: ts.Node, literal: TextLiteral): boolean {
  if (ts.isReturnStatement(parent) || ts.isThrowStatement(parent) || ts.isExportAssignment(parent))
    return true;
  const isDeclared =
    ts.isParameter(parent) || ts.isPropertyDeclaration(parent) || ts.isBindingElement(parent);
  return isDeclared && parent.initializer === literal;
}

/** `import("…")`, `require("…")` */
function isModuleCall({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require")
  );
}
