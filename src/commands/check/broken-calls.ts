import { SHARED_TYPES } from "../../compiler/3-emit/types/emit-module-types.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { componentScripts, withMarkup } from "../../project/discovery/component-scripts.ts";
import type { ProjectUses, ScopeUse } from "../../project/discovery/find-uses.ts";
import { listSources } from "../../project/discovery/list-sources.ts";
import { presentTypesFiles, someTypesFile, typesPlace } from "../../project/types/types-place.ts";
import type { BrokenCall, BrokenCallsInput, CheckedCalls } from "../analysis/find-broken-calls.ts";
import type { TypeBlocks } from "../analysis/typed-files.ts";

/** A place in the code that doesn't work with a prompt. */
export type CallPlace = Pick<BrokenCall, "file" | "line" | "column" | "message">;

export interface CallsInput {
  /** `declare module` blocks by specifier. A call counts as broken if it was right under one of them. */
  readonly befores: readonly TypeBlocks[];
  readonly after: TypeBlocks;
  /** What is in the code. */
  readonly code: Pick<ProjectUses, "emitted">;
  readonly warn: (text: string) => void;
  /** Called before the type checker is loaded, which can take some seconds. */
  readonly onTypeCheck?: (() => void) | undefined;
  /** Default: in this thread. */
  readonly findBrokenCalls?: FindBrokenCalls | undefined;
}

/** The type checker, in this thread or another one. */
export type FindBrokenCalls = (input: BrokenCallsInput) => Promise<CheckedCalls>;

/** What a change of the types means for the code. */
export interface CallsFound extends CheckedCalls {
  /** The specifiers whose types change. */
  readonly changed: ReadonlySet<string>;
}

/** The calls that a change of the types breaks, by file and place. */
export async function brokenCalls(
  options: ResolvedOptions,
  { befores, after, code, warn, onTypeCheck, findBrokenCalls }: CallsInput,
): Promise<CallsFound> {
  const isChanged = ([specifier, block]: readonly [string, string]) =>
    befores.some((before) => before.get(specifier) !== block);
  const changed = new Set([...after].filter(isChanged).map(([specifier]) => specifier));
  if (changed.size === 0) return { calls: [], checked: [], changed };
  onTypeCheck?.();
  // The type checker is large: it's only loaded when types have changed.
  const findCalls = findBrokenCalls ?? (await import("../analysis/find-broken-calls.ts")).findBrokenCalls;
  const place = typesPlace(options);
  const found = await findCalls({
    befores: befores.map(withShared),
    after: withShared(after),
    typesFile: someTypesFile(place),
    hiddenFiles: await presentTypesFiles(place),
    emittedTypes: code.emitted.types(),
    sources: await listSources(options),
    components: await componentScripts(options),
    warn,
  });
  return { ...found, calls: found.calls.toSorted(byPlace), changed };
}

/** What the blocks refer to belongs to no specifier. */
function withShared(blocks: TypeBlocks): TypeBlocks {
  return new Map([...blocks, ["", SHARED_TYPES]]);
}

/** The broken calls of one prompt. */
export function callsOfPrompt(
  { calls }: Pick<CallsFound, "calls">,
  specifiers: readonly string[],
): readonly BrokenCall[] {
  return calls.filter((call) => call.specifiers.some((specifier) => specifiers.includes(specifier)));
}

/**
 * The files that import a prompt whose types change, and whose calls no compiler has checked: components with markup,
 * JavaScript without `checkJs`, and what no tsconfig includes. There the contract has the last word.
 */
export async function uncheckedFiles(
  { changed, checked }: CallsFound,
  uses: readonly ScopeUse[],
): Promise<readonly string[]> {
  const files = [...new Set(uses.filter((use) => changed.has(use.specifier)).map(({ file }) => file))];
  const markup = new Set(await withMarkup(files));
  const covered = new Set(checked);
  return files.filter((file) => markup.has(file) || !covered.has(file.replaceAll("\\", "/")));
}

/** The order of places: by file, line and column. */
export function byPlace(a: CallPlace, b: CallPlace): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
