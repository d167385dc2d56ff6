import { ts } from "ts-morph";

/**
 * The prompts that an error is probably about: those whose declarations the code around it leads to. This takes in the
 * call's own prompt, the types at the error, and what the statement mentions, with variables followed to their values.
 */
export function suspects(program: ts.Program, error: ts.Diagnostic, typesFile: string): ReadonlySet<string> {
  const { file, start = 0, length = 0 } = error;
  const found = new Set<string>();
  if (file === undefined) return found;
  const seen = new Set<unknown>();
  const checker = program.getTypeChecker();

  const addDeclaration = (declaration: ts.Node | undefined): void => {
    for (let node = declaration; node !== undefined; node = node.parent) {
      if (!ts.isModuleDeclaration(node) || !ts.isStringLiteral(node.name)) continue;
      if (node.getSourceFile().fileName === typesFile) found.add(node.name.text);
      return;
    }
  };

  const addType = (type: ts.Type | undefined, depth: number): void => {
    if (type === undefined || depth > 3 || seen.has(type)) return;
    seen.add(type);
    for (const symbol of [type.aliasSymbol, type.getSymbol()]) symbol?.declarations?.forEach(addDeclaration);
    if (type.isUnionOrIntersection()) for (const part of type.types) addType(part, depth + 1);
    const isReference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    if (type.flags & ts.TypeFlags.Object && isReference) {
      for (const part of checker.getTypeArguments(type as ts.TypeReference)) addType(part, depth + 1);
    }
    for (const signature of type.getCallSignatures()) addDeclaration(signature.declaration);
  };

  const addSymbol = (symbol: ts.Symbol | undefined, depth: number): void => {
    if (symbol === undefined || depth > 5 || seen.has(symbol)) return;
    seen.add(symbol);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    for (const declaration of target.declarations ?? []) {
      addDeclaration(declaration);
      if (isVariable(declaration)) addMentioned(declaration, depth + 1);
    }
  };

  const addMentioned = (node: ts.Node, depth: number): void => {
    if (ts.isIdentifier(node)) addSymbol(checker.getSymbolAtLocation(node), depth);
    ts.forEachChild(node, (child) => addMentioned(child, depth));
  };

  const innermost = innermostNode(file, start, length);
  for (let node = innermost; node !== undefined && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      addDeclaration(checker.getResolvedSignature(node)?.declaration);
    }
    if (ts.isExpression(node)) {
      addType(checker.getContextualType(node), 0);
      addType(checker.getTypeAtLocation(node), 0);
    }
    if (ts.isStatement(node)) {
      // The body of a function mentions a lot that has nothing to do with this error.
      if (!ts.isBlock(node)) addMentioned(node, 0);
      break;
    }
  }
  return found;
}

function isVariable(node: ts.Declaration): boolean {
  return ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isPropertyAssignment(node);
}

/** The smallest node that contains a range of a file. */
export function innermostNode(file: ts.SourceFile, start: number, length: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getFullStart() > start || node.getEnd() < start + length) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}
