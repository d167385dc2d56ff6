import { SHARED_TYPES } from "../../compiler/3-emit/types/emit-module-types.ts";
import { type Change, isOfMetadata, keepsContract } from "../../contract/contract.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type ComponentScript, componentScripts } from "../../project/discovery/component-scripts.ts";
import type { FoundProject } from "../../project/discovery/find-uses.ts";
import { listSources } from "../../project/discovery/list-sources.ts";
import { presentTypesFiles } from "../../project/types/present-types.ts";
import { bareBlocks } from "../../project/types/types-blocks.ts";
import type { TypesFile } from "../../project/types/types-file.ts";
import { someTypesFile, typesPlace } from "../../project/types/types-place.ts";
import type { BrokenCall, BrokenCallsInput } from "../analysis/find-broken-calls.ts";
import type { TypeBlocks } from "../analysis/typed-files.ts";

/** A place in the code that doesn't work with a prompt. */
export type CallPlace = Pick<BrokenCall, "file" | "line" | "column" | "message">;

/** The types of prompts: `declare module` blocks by specifier. */
export interface PromptTypes {
  readonly strict: TypeBlocks;
  /** For code that no compiler checks: a call can give other values as well, as it can when it runs. */
  readonly loose: TypeBlocks;
}

/** The types in some files that were made with `withLoose`. */
export function promptTypes(files: readonly TypesFile[]): PromptTypes {
  return {
    strict: bareBlocks(files.map(({ code }) => code)),
    loose: bareBlocks(files.map(({ code, looseCode = code }) => looseCode)),
  };
}

/** Types that are only known as they're declared. */
export function sameTypes(blocks: TypeBlocks): PromptTypes {
  return { strict: blocks, loose: blocks };
}

export interface CallsInput {
  /** A call counts as broken if it was right under one of them. */
  readonly befores: readonly PromptTypes[];
  readonly after: PromptTypes;
  /** What is in the code. */
  readonly code: Pick<FoundProject, "emitted">;
  readonly warn: (text: string) => void;
  /** Called before the type checker is loaded, which can take some seconds. */
  readonly onTypeCheck?: (() => void) | undefined;
  readonly find?: FindBrokenCalls | undefined;
}

/** The type checker, in this thread or another one. */
export type FindBrokenCalls = (input: BrokenCallsInput) => Promise<readonly BrokenCall[]>;

/** The calls that a change of the types breaks, by file and place. */
export async function brokenCalls(
  options: ResolvedOptions,
  { befores, after, code, warn, onTypeCheck, find }: CallsInput,
): Promise<readonly BrokenCall[]> {
  const changed = befores.filter((before) =>
    [...after.strict].some(([specifier, block]) => before.strict.get(specifier) !== block),
  );
  if (changed.length === 0) return [];
  onTypeCheck?.();
  // The type checker is large: it's only loaded when types have changed.
  const findCalls = find ?? (await import("../analysis/find-broken-calls.ts")).findBrokenCalls;
  const sources = await listSources(options);
  const components = await componentScripts(options);
  const place = typesPlace(options);
  const given = {
    typesFile: someTypesFile(place),
    hiddenFiles: await presentTypesFiles(place),
    emittedTypes: code.emitted.types(),
    sources,
    components,
    warn,
  };
  const calls = new Map<string, BrokenCall>();
  for (const before of changed) {
    const types = {
      before: withShared(before.strict),
      after: withShared(after.strict),
      loose: { before: withShared(before.loose), after: withShared(after.loose) },
    };
    for (const call of await findCalls({ ...given, ...types }))
      calls.set([call.file, call.line, call.column, call.message].join("\n"), call);
  }
  return [...calls.values()];
}

/** What the blocks refer to belongs to no specifier. */
function withShared(blocks: TypeBlocks): TypeBlocks {
  return new Map([...blocks, ["", SHARED_TYPES]]);
}

/**
 * The calls in JavaScript that don't give what the committed versions need: no compiler reports them, and neither does
 * a comparison of two versions.
 *
 * @param uses where the code imports prompts
 */
export async function lackingCalls(
  options: ResolvedOptions,
  uses: readonly { readonly file: string }[],
  { committed, ...given }: Omit<CallsInput, "befores" | "after"> & { readonly committed: PromptTypes },
): Promise<readonly BrokenCall[]> {
  const files = new Set(uses.map(({ file }) => file));
  if (!(await hasJavaScript(options, files))) return [];
  // With a module typed as `any`, every call is right.
  const anything = [...committed.strict.keys()].map(
    (specifier) => [specifier, `declare module ${JSON.stringify(specifier)};`] as const,
  );
  const befores = [sameTypes(new Map(anything))];
  const calls = await brokenCalls(options, { ...given, befores, after: committed });
  return calls.filter((call) => !call.isCheckedByTsc && call.lacksVariables);
}

async function hasJavaScript(options: ResolvedOptions, files: ReadonlySet<string>): Promise<boolean> {
  if ([...files].some((file) => /\.[cm]?jsx?$/i.test(file))) return true;
  if (![...files].some((file) => /\.(?:vue|svelte|astro)$/i.test(file))) return false;
  const isJavaScript = ({ file, language }: ComponentScript) => language.startsWith("js") && files.has(file);
  return (await componentScripts(options)).some(isJavaScript);
}

/** Does a broken call count for a prompt? In code that `tsc` doesn't check, only what fails when it runs does. */
export function concerns(
  call: BrokenCall,
  specifiers: readonly string[],
  changes: readonly Change[] | undefined,
): boolean {
  if (!call.specifiers.some((specifier) => specifiers.includes(specifier))) return false;
  if (call.isCheckedByTsc || call.failsWhenRun || changes === undefined) return true;
  return !keepsContract(changes.filter((change) => !isOfMetadata(change)));
}
