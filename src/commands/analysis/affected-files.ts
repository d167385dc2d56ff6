import { ts } from "ts-morph";
import type { FileImports } from "./overlay-host.ts";

export interface AffectedFiles {
  /** Files whose types can change when the prompts' types change, in program order. */
  readonly files: readonly string[];
  /** For each of them: the changed prompts that it imports, directly or through other files. */
  reach(file: string): ReadonlySet<string>;
}

/**
 * Finds the files that a change of some prompts' types can reach: those that import the prompts, those that name them
 * and have the client (directly or through other files), and those that import such a file. If one of these declares
 * something global, that's every file.
 *
 * @param clientNames what the client calls the prompts, by specifier
 */
export function affectedFiles(
  program: ts.Program,
  imports: ReadonlyMap<string, FileImports>,
  changed: ReadonlySet<string>,
  clientNames: ReadonlyMap<string, string>,
  isSource: (file: string) => boolean,
): AffectedFiles {
  const importers = new Map<string, string[]>();
  const reached = new Map<string, Set<string>>();
  for (const [file, { files, prompts }] of imports) {
    for (const path of files) {
      // The output of a referenced project counts as its source.
      const target = program.getSourceFile(path)?.fileName ?? path;
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
    const own = [...prompts].filter((specifier) => changed.has(specifier));
    if (own.length > 0) reached.set(file, new Set(own));
  }
  const named = [...clientNames].filter(([specifier]) => changed.has(specifier));
  if (named.length > 0)
    for (const file of filesWithClient(imports, importers)) {
      const text = (isSource(file) && program.getSourceFile(file)?.text) || "";
      const own = named.filter(([, name]) => text.includes(name)).map(([specifier]) => specifier);
      if (own.length > 0) addAll(reached, file, own);
    }
  const queue = [...reached.keys()];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const importer of importers.get(file) ?? []) {
      if (addAll(reached, importer, reached.get(file) ?? [])) queue.push(importer);
    }
  }
  const sources = program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => isSource(fileName) && !isDeclarationFile);
  const isGlobal = program
    .getSourceFiles()
    .some((sourceFile) => reached.has(sourceFile.fileName) && reachesEveryFile(sourceFile));
  const files = sources
    .map(({ fileName }) => fileName)
    .filter((fileName) => isGlobal || reached.has(fileName));
  return { files, reach: (file) => (isGlobal ? changed : (reached.get(file) ?? new Set())) };
}

/** Those that import the client, and those that import such a file: they can have an instance of it. */
function filesWithClient(
  imports: ReadonlyMap<string, FileImports>,
  importers: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set([...imports].filter(([, { namesClient }]) => namesClient).map(([file]) => file));
  for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
  return found;
}

function addAll(sets: Map<string, Set<string>>, key: string, values: Iterable<string>): boolean {
  const set = sets.get(key) ?? new Set();
  const before = set.size;
  for (const value of values) set.add(value);
  sets.set(key, set);
  return set.size > before;
}

/** A script without imports, `declare global` and `declare module "other"` are visible everywhere. */
function reachesEveryFile(sourceFile: ts.SourceFile): boolean {
  return !ts.isExternalModule(sourceFile) || /\bdeclare\s+(?:global|module)\b/.test(sourceFile.text);
}
