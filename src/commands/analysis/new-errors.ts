import { ts } from "ts-morph";
import type { TypeBlocks, TypedFiles } from "./typed-files.ts";

/** Two versions of the prompts' types. */
export interface TypesChange {
  readonly before: TypeBlocks;
  readonly after: TypeBlocks;
  /** Absolute path, with forward slashes, where they're overlaid. */
  readonly typesFile: string;
}

/** The errors that a change of the types causes in some files, each with the prompts that cause it together. */
export function newErrors(files: TypedFiles, change: TypesChange) {
  const affected = affectedFiles(files, change);
  const after = files.errors(change.after, affected.keys());
  const before = after.size === 0 ? after : files.errors(change.before, after.keys());
  return [...after].flatMap(([file, errors]) => {
    const old = new Set(before.get(file)?.map(identity));
    return errors
      .filter((error) => !old.has(identity(error)))
      .map((error) => ({
        error,
        specifiers: blame(files, change, error, affected.get(file) ?? new Set()),
      }));
  });
}

/** Only the place and the kind: a message spells out types, so it changes with them. */
function identity({ start, code }: ts.Diagnostic): string {
  return `${start} ${code}`;
}

/** The specifiers that the two versions declare differently, or that only one of them declares. */
export function changedSpecifiers(before: TypeBlocks, after: TypeBlocks): ReadonlySet<string> {
  const all = new Set([...before.keys(), ...after.keys()]);
  return new Set([...all].filter((specifier) => before.get(specifier) !== after.get(specifier)));
}

/**
 * The files that a change of the prompts' types can reach, in program order, each with the changed prompts that it
 * imports, directly or through other files: those that import the prompts, those that name them and have the client
 * (directly or through other files), and those that import such a file. If one of these declares something global,
 * that's every file, with all changed prompts.
 */
function affectedFiles(
  files: TypedFiles,
  { before, after }: TypesChange,
): ReadonlyMap<string, ReadonlySet<string>> {
  const program = files.program(after);
  const changed = changedSpecifiers(before, after);
  const importers = new Map<string, string[]>();
  const reached = new Map<string, Set<string>>();
  /** Says whether that was news. */
  const reach = (file: string, specifiers: Iterable<string>): boolean => {
    const own = reached.get(file) ?? new Set();
    const { size } = own;
    for (const specifier of specifiers) own.add(specifier);
    if (own.size > 0) reached.set(file, own);
    return own.size > size;
  };
  const withClient = new Set<string>();
  for (const [file, { files: imported, prompts, namesClient }] of files.imports) {
    for (const path of imported) {
      // The output of a referenced project counts as its source.
      const target = program.getSourceFile(path)?.fileName ?? path;
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
    if (namesClient) withClient.add(file);
    for (const one of prompts) if (changed.has(one)) reach(file, [one]);
  }
  const named = [...clientNames(before), ...clientNames(after)].filter(([one]) => changed.has(one));
  for (const file of named.length > 0 ? withClient : []) {
    // What imports such a file can have an instance of the client.
    for (const importer of importers.get(file) ?? []) withClient.add(importer);
    const text = (files.isSource(file) && program.getSourceFile(file)?.text) || "";
    for (const [specifier, name] of named) if (text.includes(name)) reach(file, [specifier]);
  }
  const queue = [...reached.keys()];
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const importer of importers.get(file) ?? [])
      if (reach(importer, reached.get(file) ?? [])) queue.push(importer);
  const isGlobal = program.getSourceFiles().some((one) => reached.has(one.fileName) && reachesEveryFile(one));
  const found = new Map<string, ReadonlySet<string>>();
  for (const { fileName, isDeclarationFile } of program.getSourceFiles()) {
    const own = isGlobal ? changed : reached.get(fileName);
    if (own !== undefined && !isDeclarationFile && files.isSource(fileName)) found.set(fileName, own);
  }
  return found;
}

/** What the client calls prompts, by the specifier whose block says so. */
function clientNames(blocks: TypeBlocks): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [specifier, block] of blocks) {
    const [, name] = /interface UnpluginScopePrompts \{\s*("(?:[^"\\\n]|\\.)*"): \[/.exec(block) ?? [];
    if (name !== undefined) names.set(specifier, JSON.parse(name));
  }
  return names;
}

/** A script without imports, `declare global` and `declare module "other"` are visible everywhere. */
function reachesEveryFile(sourceFile: ts.SourceFile): boolean {
  return !ts.isExternalModule(sourceFile) || /\bdeclare\s+(?:global|module)\b/.test(sourceFile.text);
}

/** @param reach the changed prompts that the error's file imports, directly or through others */
function blame(
  files: TypedFiles,
  change: TypesChange,
  error: ts.DiagnosticWithLocation,
  reach: ReadonlySet<string>,
): readonly string[] {
  if (reach.size <= 1) return [...reach];
  const named = [...suspects(files.program(change.after), error, change.typesFile)].filter((specifier) =>
    reach.has(specifier),
  );
  if (named.length === 1) return named;
  // Several are possible: check with only some of the types changed to see which one it is.
  let group = (named.length === 0 ? [...reach] : named).sort();
  while (group.length > 1) {
    const half = Math.ceil(group.length / 2);
    const guilty = [group.slice(0, half), group.slice(half)].find((part) =>
      brings(files, change, part, error),
    );
    if (guilty === undefined) break;
    group = guilty;
  }
  return group;
}

/** Is the error there when only some of the changed prompts have their new types? */
function brings(
  files: TypedFiles,
  { before, after }: TypesChange,
  specifiers: readonly string[],
  error: ts.DiagnosticWithLocation,
): boolean {
  const blocks = new Map(before);
  for (const specifier of specifiers) blocks.set(specifier, after.get(specifier) ?? "");
  const file = error.file.fileName;
  const errors = files.errors(blocks, [file]).get(file) ?? [];
  return errors.some((one) => identity(one) === identity(error));
}

/**
 * The prompts that an error is probably about: those whose declarations the code around it leads to. This takes in the
 * call's own prompt, the types at the error, and what the statement mentions, with variables followed to their values.
 */
function suspects(program: ts.Program, error: ts.Diagnostic, typesFile: string): ReadonlySet<string> {
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
      if (
        ts.isVariableDeclaration(declaration) ||
        ts.isBindingElement(declaration) ||
        ts.isPropertyAssignment(declaration)
      )
        addMentioned(declaration, depth + 1);
    }
  };

  const addMentioned = (node: ts.Node, depth: number): void => {
    if (ts.isIdentifier(node)) addSymbol(checker.getSymbolAtLocation(node), depth);
    ts.forEachChild(node, (child) => addMentioned(child, depth));
  };

  for (let node = innermostNode(file, start, length); node && !ts.isSourceFile(node); node = node.parent) {
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
