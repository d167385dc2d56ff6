import type { ts } from "ts-morph";
import { type AffectedFiles, affectedFiles } from "./affected-files.ts";
import { suspects } from "./blame.ts";
import type { TypeBlocks, TypedFiles } from "./typed-files.ts";

/** Two versions of the prompts' types. */
export interface TypesChange {
  readonly before: TypeBlocks;
  readonly after: TypeBlocks;
  /** Absolute path, with forward slashes, where they're overlaid. */
  readonly typesFile: string;
}

/** An error that appears after a change of the types. */
export interface NewError {
  readonly error: ts.DiagnosticWithLocation;
  /** The prompts that cause it: one, or several if it only appears with them together. */
  readonly specifiers: readonly string[];
}

/** The specifiers that the two versions declare differently, or that only one of them declares. */
export function changedSpecifiers({ before, after }: TypesChange): ReadonlySet<string> {
  const all = new Set([...before.keys(), ...after.keys()]);
  return new Set([...all].filter((specifier) => before.get(specifier) !== after.get(specifier)));
}

/** The errors that a change of the types causes in some files, and which prompts cause each. */
export function newErrors(files: TypedFiles, change: TypesChange): readonly NewError[] {
  const changed = changedSpecifiers(change);
  const program = files.program(change.after);
  const names = new Map([...clientNames(change.before), ...clientNames(change.after)]);
  const affected = affectedFiles(program, files.imports, changed, names, (file) => files.isSource(file));
  const after = files.errors(change.after, affected.files);
  if (after.size === 0) return [];
  const before = files.errors(change.before, after.keys());
  const found: NewError[] = [];
  for (const [file, errors] of after) {
    // Only the place and the kind: a message spells out types, so it changes with them.
    const old = new Set(before.get(file)?.map(identity));
    for (const error of errors) {
      if (old.has(identity(error))) continue;
      const specifiers = blame(files, change, error as ts.DiagnosticWithLocation, affected);
      found.push({ error: error as ts.DiagnosticWithLocation, specifiers });
    }
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

function identity({ start, code }: ts.Diagnostic): string {
  return `${start} ${code}`;
}

function blame(
  files: TypedFiles,
  change: TypesChange,
  error: ts.DiagnosticWithLocation,
  affected: AffectedFiles,
): readonly string[] {
  const reach = affected.reach(error.file.fileName);
  if (reach.size <= 1) return [...reach];
  const named = [...suspects(files.program(change.after), error, change.typesFile)].filter((specifier) =>
    reach.has(specifier),
  );
  if (named.length === 1) return named;
  // Several are possible: check with only some of the types changed to see which one it is.
  let group = (named.length === 0 ? [...reach] : named).sort();
  while (group.length > 1) {
    const half = Math.ceil(group.length / 2);
    const halves = [group.slice(0, half), group.slice(half)];
    const guilty: string[][] = [];
    for (const part of halves) {
      if (guilty.length === 0 && brings(files, change, part, error)) guilty.push(part);
    }
    const [next] = guilty;
    if (next === undefined) break;
    group = next;
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
  for (const specifier of specifiers) {
    const block = after.get(specifier);
    if (block === undefined) blocks.delete(specifier);
    else blocks.set(specifier, block);
  }
  const file = error.file.fileName;
  const errors = files.errors(blocks, [file]).get(file) ?? [];
  return errors.some((one) => identity(one) === identity(error));
}
