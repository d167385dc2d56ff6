import { ts } from "ts-morph";
import { toPosix } from "../../errors/printable.ts";
import type { ComponentScript } from "../discovery/component-scripts.ts";
import { loadTsconfigs } from "./load-tsconfigs.ts";
import { newErrors } from "./new-errors.ts";
import { type TypeBlocks, TypedFiles } from "./typed-files.ts";

/** A place in the code that no longer compiles when the prompts' types change. */
export interface BrokenCall {
  /** As spelled in the code; more than one if they only break it together. */
  readonly specifiers: readonly string[];
  /** Absolute. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The compiler's, which can have several lines. */
  readonly message: string;
}

/** What the type checker has found: at most one for each place. */
export interface CheckedCalls {
  readonly calls: readonly BrokenCall[];
  /** The files that `tsc` checks, absolute. Plain JavaScript isn't among them, nor what no tsconfig includes. */
  readonly checked: readonly string[];
  /** What makes the result less certain. */
  readonly warnings: readonly string[];
}

export interface BrokenCallsInput {
  /** A call counts as broken if it was right under one of them. */
  readonly befores: readonly TypeBlocks[];
  /** A call is broken if it's wrong under one of them. The last one is what will be there. */
  readonly afters: readonly TypeBlocks[];
  /** Absolute path where types are overlaid. */
  readonly typesFile: string;
  /** All source files, absolute. A file that imports no prompt can get one from another file that does. */
  readonly sources: readonly string[];
  readonly components: readonly ComponentScript[];
  /** As in {@link TypedFiles}. */
  readonly hiddenFiles?: readonly string[];
  readonly emittedTypes?: ReadonlyMap<string, string>;
}

/** The errors that new types, overlaid in memory, cause. Each file is checked under the tsconfig that includes it. */
export async function findBrokenCalls(input: BrokenCallsInput): Promise<CheckedCalls> {
  const { befores, afters } = input;
  const typesFile = toPosix(input.typesFile);
  const emittedTypes = new Map([...(input.emittedTypes ?? [])].map(([file, one]) => [toPosix(file), one]));
  const overlaid = { typesFile, emittedTypes, hiddenFiles: (input.hiddenFiles ?? []).map(toPosix) };
  const components = input.components.map((one) => ({ ...one, file: toPosix(one.file) }));
  const paths = new Set(components.map(({ file }) => file));
  const calls = new Map<string, BrokenCall>();
  const covered = new Set<string>();
  const { tsconfigs, warnings } = loadTsconfigs([...input.sources.map(toPosix), ...paths]);
  for (const { files, options, references } of tsconfigs) {
    const included = new Set(files.map(toPosix));
    // Exactly as the compiler of this tsconfig sees them.
    const scripts = components.filter(
      ({ file, language }) => included.has(file) && (language.startsWith("ts") || options.checkJs),
    );
    const own = [...included].filter((file) => !paths.has(file) && !/\.(?:vue|svelte|astro)$/i.test(file));
    if (own.length + scripts.length === 0) continue;
    const typed = new TypedFiles({ options, references, files: own, components: scripts, ...overlaid });
    // What two tsconfigs find is reported once.
    for (const [before, after] of afters.flatMap((one) => befores.map((other) => [other, one] as const)))
      for (const { error, specifiers } of newErrors(typed, before, after)) {
        const file = TypedFiles.ownPath(error.file.fileName);
        const { line, character } = error.file.getLineAndCharacterOfPosition(error.start);
        const message = ts.flattenDiagnosticMessageText(error.messageText, "\n");
        const call = { specifiers, file, line: line + 1, column: character + 1, message };
        calls.set(JSON.stringify([file, line, character]), call);
      }
    for (const { fileName } of typed.program(afters.at(-1) as TypeBlocks).getSourceFiles())
      if (/\.[cm]?tsx?$/.test(fileName) || options.checkJs) covered.add(TypedFiles.ownPath(fileName));
  }
  return { calls: [...calls.values()], checked: [...covered], warnings };
}
