import { SHARED_TYPES } from "../../compiler/3-emit/types/emit-module-types.ts";
import { type Change, isLoss } from "../../contract/contract.ts";
import { toPosix } from "../../errors/printable.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { VARIABLE_NAME } from "../../template/near-misses.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { componentScripts, withMarkup } from "../discovery/component-scripts.ts";
import { listSources } from "../discovery/list-sources.ts";
import { declarationBlocks } from "../types/same-declarations.ts";
import { presentTypesFiles, sharedTypesFile, typesPlace } from "../types/types-place.ts";
import type { FetchProgress, ResolvedPrompt } from "../versions/resolve.ts";
import type { FoundImports } from "../versions/select-imports.ts";
import type { BrokenCall, findBrokenCalls } from "./find-broken-calls.ts";
import type { TypeBlocks } from "./typed-files.ts";

const VARIABLES_TYPE = "export type Variables = ";

/** Shows how far a command is. */
export interface CommandProgress extends FetchProgress {
  /** Called before the type checker is loaded, which can take some seconds. */
  typeChecking(): void;
}

/** A place in the code that doesn't work with a prompt. */
export type CallPlace = Omit<BrokenCall, "specifiers">;

/** What a change of the types means for the code; `changed` are the specifiers whose types change. */
export type CallsFound = Awaited<ReturnType<typeof brokenCalls>>;

/** The calls that a change of the types breaks, by file and place. */
export async function brokenCalls(
  options: ResolvedOptions,
  input: {
    /** The code of types files. A call counts as broken if it was right under one of the first. */
    readonly befores: readonly Iterable<string>[];
    /** Of the imports that may have other types now. */
    readonly after: Iterable<string>;
    /** What changes of each prompt. */
    readonly prompts: readonly { readonly ref: PromptRef; readonly changes: readonly Change[] }[];
    readonly found: FoundImports;
    readonly progress?: CommandProgress | undefined;
    /** The type checker. Default: in this thread. */
    readonly findBrokenCalls?: typeof findBrokenCalls | undefined;
  },
) {
  const { found, progress } = input;
  const befores = input.befores.map((code) => declarationBlocks([...code].join("\n")));
  const after: TypeBlocks = new Map([
    ...(befores[0] ?? []),
    ...declarationBlocks([...input.after].join("\n")),
  ]);
  const isChanged = ([specifier, block]: readonly [string, string]) =>
    befores.some((before) => before.get(specifier) !== block);
  const changed: ReadonlySet<string> = new Set([...after].filter(isChanged).map(([specifier]) => specifier));
  if (changed.size === 0) return { calls: [], checked: [], changed, warnings: [] };
  progress?.typeChecking();
  // The type checker is large: it's only loaded when types have changed.
  const findCalls = input.findBrokenCalls ?? (await import("./find-broken-calls.ts")).findBrokenCalls;
  const place = typesPlace(options);
  // What the blocks refer to belongs to no specifier.
  const withShared = (blocks: TypeBlocks) => new Map([...blocks, ["", SHARED_TYPES]]);
  const changesOf = new Map(input.prompts.map(({ ref, changes }) => [refKey(ref), changes]));
  const refusing = found.imports.flatMap(({ specifier, request }) => {
    const block = after.get(specifier) ?? "";
    const refused = refuseLost(block, changesOf.get(refKey(request.ref)) ?? []);
    return refused === block ? [] : [[specifier, refused] as const];
  });
  const { calls, checked, warnings } = await findCalls({
    befores: befores.map(withShared),
    // Of two errors in one place, the last one is shown: what the real types say.
    afters: [...(refusing.length > 0 ? [new Map([...after, ...refusing])] : []), after].map(withShared),
    typesFile: sharedTypesFile(place),
    hiddenFiles: await presentTypesFiles(place),
    emittedTypes: found.emittedTypes,
    sources: await listSources(options),
    components: await componentScripts(options),
  });
  return { calls: calls.toSorted(byPlace), checked, changed, warnings };
}

/** A block whose variables refuse what is gone, which an object of a wider type can have. */
function refuseLost(block: string, changes: readonly Change[]): string {
  const start = block.indexOf(VARIABLES_TYPE) + VARIABLES_TYPE.length;
  if (start < VARIABLES_TYPE.length) return block;
  const end = block.indexOf(";\n", start);
  const type = block.slice(start, end);
  // One that is only tested now is still there.
  const isThere = (name: string) =>
    [`{ ${name}`, `; ${name}`, `"${name}"`].some(
      (key) => type.includes(`${key}:`) || type.includes(`${key}?:`),
    );
  const lost = changes.filter(isLoss).map(({ variable = "" }) => variable);
  const gone = lost.filter((name) => VARIABLE_NAME.test(name) && !isThere(name));
  // The compiler's message spells the type, so it says why no value fits.
  const refusals = gone.map((name) => ` & { "${name}"?: "variable ${name} is gone" }`);
  return block.slice(0, end) + refusals.join("") + block.slice(end);
}

/** The broken calls of one prompt, and as `unseen` the files that import it and whose calls no compiler has checked. */
export async function callsOfPrompt(
  { calls, changed, checked }: CallsFound,
  { specifiers, uses }: Pick<ResolvedPrompt, "specifiers" | "uses">,
) {
  const files = [...new Set(uses.filter((use) => changed.has(use.specifier)).map(({ file }) => file))];
  const markup = new Set(await withMarkup(files));
  const covered = new Set(checked);
  return {
    calls: calls.filter((call) => call.specifiers.some((specifier) => specifiers.includes(specifier))),
    unseen: files.filter((file) => markup.has(file) || !covered.has(toPosix(file))),
  };
}

/** The order of places: by file, line and column. */
export function byPlace(a: Omit<CallPlace, "message">, b: Omit<CallPlace, "message">): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}
