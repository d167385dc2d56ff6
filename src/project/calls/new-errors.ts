import { ts } from "ts-morph";
import type { TypeBlocks, TypedFiles } from "./typed-files.ts";

/** An error that a change of the types causes, and the prompts that cause it together. */
interface NewError {
  readonly error: ts.DiagnosticWithLocation;
  readonly specifiers: readonly string[];
}

/** The errors that a change of the prompts' types causes in some files. */
export function newErrors(files: TypedFiles, before: TypeBlocks, after: TypeBlocks): readonly NewError[] {
  const affected = affectedFiles(files, before, after);
  const reach = ({ file }: ts.DiagnosticWithLocation) => affected.get(file.fileName) ?? new Set<string>();
  const found = files.errors(after, affected.keys());
  if (found.length === 0) return [];
  const old = identitiesWith(files, before, found);
  const program = files.program(after);
  const named: NewError[] = [];
  const open: ts.DiagnosticWithLocation[] = [];
  for (const error of found) {
    if (old.has(identity(error))) continue;
    const possible = reach(error);
    const called = calledPrompt(program, error);
    if (possible.size <= 1) named.push({ error, specifiers: [...possible] });
    else if (called !== undefined && possible.has(called)) named.push({ error, specifiers: [called] });
    else open.push(error);
  }
  const all = [...new Set(open.flatMap((error) => [...reach(error)]))].sort();
  const blamed = blame(files, before, after, open, all);
  const place = new Map(found.map((error, at) => [error, at]));
  return [
    ...named,
    ...blamed.map((one) => ({
      ...one,
      specifiers: one.specifiers.filter((specifier) => reach(one.error).has(specifier)),
    })),
  ].sort((a, b) => (place.get(a.error) as number) - (place.get(b.error) as number));
}

/** Only the place and the kind: a message spells out types, so it changes with them. */
function identity({ file, start, code }: ts.DiagnosticWithLocation): string {
  return `${start} ${code} ${file.fileName}`;
}

/** What identifies the errors of some types, in the files that have these errors. */
function identitiesWith(files: TypedFiles, blocks: TypeBlocks, errors: readonly ts.DiagnosticWithLocation[]) {
  const names = errors.map(({ file }) => file.fileName);
  return new Set(files.errors(blocks, names).map(identity));
}

/** The specifiers that the two versions declare differently, or that only one of them declares. */
function changedSpecifiers(before: TypeBlocks, after: TypeBlocks): ReadonlySet<string> {
  const all = new Set([...before.keys(), ...after.keys()]);
  return new Set([...all].filter((specifier) => before.get(specifier) !== after.get(specifier)));
}

/**
 * Each file that the change can reach, with the changed prompts that it imports or names, directly or through other
 * files. If one of these declares something global, that is every file.
 */
function affectedFiles(
  files: TypedFiles,
  before: TypeBlocks,
  after: TypeBlocks,
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
  for (const [file, { files: imported, prompts }] of files.imports) {
    for (const path of imported) {
      // The output of a referenced project counts as its source.
      const target = program.getSourceFile(path)?.fileName ?? path;
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
    for (const one of prompts) if (changed.has(one)) reach(file, [one]);
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

/** A script without imports, `declare global` and `declare module "other"` are visible everywhere. */
function reachesEveryFile(sourceFile: ts.SourceFile): boolean {
  return !ts.isExternalModule(sourceFile) || /\bdeclare\s+(?:global|module)\b/.test(sourceFile.text);
}

/** The prompt whose function the nearest call around an error is of, however the code came by it. */
function calledPrompt(program: ts.Program, { file, start, length }: ts.DiagnosticWithLocation) {
  const checker = program.getTypeChecker();
  for (let node = innermostNode(file, start, length); node && !ts.isStatement(node); node = node.parent) {
    if (!ts.isCallExpression(node)) continue;
    let declared: ts.Node | undefined = checker.getResolvedSignature(node)?.declaration;
    for (; declared !== undefined; declared = declared.parent)
      if (ts.isModuleDeclaration(declared)) return declared.name.text;
  }
  return undefined;
}

/**
 * Changes half of the prompts, then half of those: a few of many are found by few checks. What needs prompts of both
 * halves is blamed on all of them.
 */
function blame(
  files: TypedFiles,
  before: TypeBlocks,
  after: TypeBlocks,
  errors: readonly ts.DiagnosticWithLocation[],
  specifiers: readonly string[],
): readonly NewError[] {
  if (errors.length === 0 || specifiers.length === 1) return errors.map((error) => ({ error, specifiers }));
  const half = Math.ceil(specifiers.length / 2);
  const blamed: NewError[] = [];
  let left = errors;
  for (const part of [specifiers.slice(0, half), specifiers.slice(half)]) {
    if (left.length === 0) break;
    const blocks = new Map([...before, ...part.map((one) => [one, after.get(one) ?? ""] as const)]);
    const brought = identitiesWith(files, blocks, left);
    const own = left.filter((error) => brought.has(identity(error)));
    left = left.filter((error) => !own.includes(error));
    blamed.push(...blame(files, before, after, own, part));
  }
  return [...blamed, ...left.map((error) => ({ error, specifiers }))];
}

/** The smallest node that contains a range of a file. */
function innermostNode(file: ts.SourceFile, start: number, length: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.getFullStart() > start || node.getEnd() < start + length) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}
