import { ts } from "ts-morph";
import { failsWhenRun } from "./fails-when-run.ts";
import { loadTsconfigs, NO_TSCONFIG, type Tsconfig, type Tsconfigs } from "./load-tsconfigs.ts";
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
  /** Would `tsc` report it? Not in plain JavaScript, and not in a file that no tsconfig includes. */
  readonly isCheckedByTsc: boolean;
  /** Would it throw when it runs, for a reason other than a missing variable? */
  readonly failsWhenRun: boolean;
  /** Does it leave out one or all of the variables? */
  readonly lacksVariables: boolean;
}

export interface BrokenCallsInput extends TypesChange {
  /** The types for code that the compiler doesn't check itself. Default: the same. */
  readonly loose?: Pick<TypesChange, "before" | "after">;
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
 * reports the errors that weren't there before. Each file is checked under the tsconfig that includes it. Plain
 * JavaScript, and files that no tsconfig includes, get a loose check.
 *
 * @returns by file and place
 * @throws ConfigurationError `tsconfig_invalid`
 * @example await findBrokenCalls({ before, after, typesFile: "/app/src/scope.d.ts", … })
 */
export async function findBrokenCalls(input: BrokenCallsInput): Promise<readonly BrokenCall[]> {
  if (changedSpecifiers(input).size === 0) return [];
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
    for (const error of newErrors(files, change)) calls.push(toCall(error, true));
    for (const { fileName } of files.program(change.after).getSourceFiles()) {
      if (isTypeScript(fileName) || tsconfig.options.checkJs) covered.add(TypedFiles.ownPath(fileName));
    }
  }
  const loosely = { ...change, ...input.loose };
  for (const files of looseFiles(sources, components, covered, tsconfigs, types)) {
    for (const error of newErrors(files, loosely)) {
      const call = toCall(error, false);
      if (!covered.has(call.file)) calls.push(call);
    }
  }
  return sortedOnce(calls);
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

/**
 * What the compiler doesn't check itself: files under the same tsconfig are checked together, with its paths and
 * options.
 */
function looseFiles(
  sources: readonly string[],
  components: readonly LaidScript[],
  covered: ReadonlySet<string>,
  tsconfigs: Tsconfigs,
  types: TypesPlace,
): readonly TypedFiles[] {
  const files = sources.filter((file) => !covered.has(file) && !isComponent(file));
  const scripts = components.filter(({ file }) => !covered.has(file));
  const groups = new Set([...files, ...scripts.map(({ file }) => file)].map(tsconfigs.nearest));
  return [...groups].map(
    (tsconfig) =>
      new TypedFiles({
        options: { ...NO_TSCONFIG, ...tsconfig?.options, ...LOOSE },
        files: files.filter((file) => tsconfigs.nearest(file) === tsconfig),
        components: scripts.filter(({ file }) => tsconfigs.nearest(file) === tsconfig),
        ...types,
      }),
  );
}

/** Unchecked code is full of small errors, and one error in a call hides the error that a prompt causes. */
const LOOSE: ts.CompilerOptions = { allowJs: true, checkJs: true, strict: false, noImplicitAny: false };

function toCall({ error, specifiers }: NewError, isCheckedByTsc: boolean): BrokenCall {
  const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
  return {
    specifiers,
    file: TypedFiles.ownPath(error.file.fileName),
    line: line + 1,
    column: character + 1,
    message: ts.flattenDiagnosticMessageText(error.messageText, "\n"),
    isCheckedByTsc,
    failsWhenRun: failsWhenRun(error),
    lacksVariables: LACKING.has(error.code) || isOfMissing(error.messageText),
  };
}

/** `Expected 1 arguments, but got 0`, and the same for a call with other overloads. */
const LACKING = new Set([2554, 2555]);
/** `Property 'x' is missing in type …`, `Type … is missing the following properties …`, and its shortened form. */
const MISSING = new Set([2741, 2739, 2740]);

function isOfMissing(message: string | ts.DiagnosticMessageChain): boolean {
  return (
    typeof message !== "string" && (MISSING.has(message.code) || message.next?.some(isOfMissing) === true)
  );
}

/** By file and place. What two tsconfigs find is reported once, and as `tsc`'s if one of them would report it. */
function sortedOnce(calls: readonly BrokenCall[]): BrokenCall[] {
  const byPlace = new Map<string, BrokenCall>();
  for (const call of calls) {
    const place = JSON.stringify([call.file, call.line, call.column]);
    if (byPlace.get(place)?.isCheckedByTsc !== true) byPlace.set(place, call);
  }
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
