import { ts } from "ts-morph";
import { loadTsconfigs, type Tsconfig } from "./load-tsconfigs.ts";
import { changedSpecifiers, type NewError, newErrors, type TypesChange } from "./new-errors.ts";
import { type LaidScript, TypedFiles, type TypedFilesInput } from "./typed-files.ts";

/** A place in the code that no longer compiles when the prompts' types change. */
export interface BrokenCall {
  /** As spelled in the code; more than one if they only break it together. */
  readonly specifiers: readonly string[];
  /** Absolute. */
  readonly file: string;
  /** From 1, as the compiler gives it. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The compiler's message; several lines when it explains itself. */
  readonly message: string;
}

/** What the type checker has found, and where it looked. */
export interface CheckedCalls {
  /** By file and place. */
  readonly calls: readonly BrokenCall[];
  /** The files that `tsc` checks, absolute. Plain JavaScript isn't among them, nor what no tsconfig includes. */
  readonly checked: readonly string[];
}

export interface BrokenCallsInput extends TypesChange {
  /** All source files, absolute. A file that imports no prompt can get one from another file that does. */
  readonly sources: readonly string[];
  /** The scripts of all components. */
  readonly components: readonly LaidScript[];
  /** Existing types, absolute: nothing in them is read. Default none. */
  readonly hiddenFiles?: readonly string[];
  /** Declarations of emitted modules, absolute, each with the specifier that it's for. Default none. */
  readonly emittedTypes?: ReadonlyMap<string, string>;
  readonly warn: (text: string) => void;
}

/**
 * Finds the places that a change of the prompts' types breaks: it overlays the new types on the project in memory, and
 * reports the errors that weren't there before. Each file is checked under the tsconfig that includes it.
 *
 * @throws ConfigurationError `tsconfig_invalid`
 * @example await findBrokenCalls({ before, after, typesFile: "/app/src/scope.d.ts", … })
 */
export async function findBrokenCalls(input: BrokenCallsInput): Promise<CheckedCalls> {
  if (changedSpecifiers(input).size === 0) return { calls: [], checked: [] };
  const types: TypesPlace = {
    typesFile: posix(input.typesFile),
    hiddenFiles: (input.hiddenFiles ?? []).map(posix),
    emittedTypes: new Map(
      [...(input.emittedTypes ?? [])].map(([file, specifier]) => [posix(file), specifier]),
    ),
  };
  const change = { ...input, ...types };
  const components = input.components.map((one) => ({ ...one, file: posix(one.file) }));
  const sources = input.sources.map(posix);
  const tsconfigs = loadTsconfigs([...sources, ...components.map(({ file }) => file)], input.warn);
  const calls: BrokenCall[] = [];
  const covered = new Set<string>();
  for (const tsconfig of tsconfigs.all) {
    const files = strictFiles(tsconfig, components, types);
    if (files === undefined) continue;
    for (const error of newErrors(files, change)) calls.push(toCall(error));
    for (const { fileName } of files.program(change.after).getSourceFiles()) {
      if (isTypeScript(fileName) || tsconfig.options.checkJs) covered.add(TypedFiles.ownPath(fileName));
    }
  }
  return { calls: sortedOnce(calls), checked: [...covered] };
}

type TypesPlace = Pick<TypedFilesInput, "typesFile" | "hiddenFiles" | "emittedTypes">;

/** The files of a tsconfig, exactly as its compiler sees them; undefined when there are none. */
function strictFiles(
  { files, options, references }: Tsconfig,
  components: readonly LaidScript[],
  types: TypesPlace,
): TypedFiles | undefined {
  const included = new Set(files.map(posix));
  const scripts = components.filter(
    ({ file, language }) => included.has(file) && (language.startsWith("ts") || options.checkJs),
  );
  const paths = new Set(components.map(({ file }) => file));
  const own = [...included].filter((file) => !paths.has(file) && !isComponent(file));
  if (own.length + scripts.length === 0) return undefined;
  return new TypedFiles({ options, references, files: own, components: scripts, ...types });
}

function toCall({ error, specifiers }: NewError): BrokenCall {
  const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
  return {
    specifiers,
    file: TypedFiles.ownPath(error.file.fileName),
    line: line + 1,
    column: character + 1,
    message: ts.flattenDiagnosticMessageText(error.messageText, "\n"),
  };
}

/** By file and place. What two tsconfigs find is reported once. */
function sortedOnce(calls: readonly BrokenCall[]): BrokenCall[] {
  const byPlace = new Map<string, BrokenCall>();
  for (const call of calls) byPlace.set(JSON.stringify([call.file, call.line, call.column]), call);
  return [...byPlace.values()].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}

function isTypeScript(file: string): boolean {
  return /\.(?:ts|tsx|mts|cts)$/.test(file);
}

function isComponent(file: string): boolean {
  return /\.(?:vue|svelte|astro)$/i.test(file);
}

function posix(file: string): string {
  return file.replaceAll("\\", "/");
}
