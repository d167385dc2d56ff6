import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { refKey } from "../../prompt.ts";
import { brokenCalls, type CallPlace, callsOfPrompt, uncheckedFiles } from "../check/broken-calls.ts";
import type { CommandContext } from "../shell/context.ts";
import { type ProgressBar, TYPE_CHECKING } from "../shell/progress.ts";
import type { PullResult } from "./pull-prompts.ts";

/** What a pull broke. */
export interface PulledCalls {
  /** Broken calls, by the `refKey` of the prompt. */
  readonly calls: ReadonlyMap<string, readonly CallPlace[]>;
  /** Files that import a prompt whose types changed, and whose calls no compiler checked, by its `refKey`. */
  readonly unchecked: ReadonlyMap<string, readonly string[]>;
}

/**
 * The calls that the newly pulled versions break. Everything is already written by then, so problems are only warnings.
 */
export async function callsOf(
  { output }: CommandContext,
  options: ResolvedOptions,
  { prompts, typesChange }: PullResult,
  progress: ProgressBar | undefined,
): Promise<PulledCalls> {
  const calls = new Map<string, readonly CallPlace[]>();
  const unchecked = new Map<string, readonly string[]>();
  if (typesChange === undefined) return { calls, unchecked };
  const { before, after, imports } = typesChange;
  const warn = (text: string) => {
    progress?.stop();
    output.warn(text);
  };
  const onTypeCheck = () => progress?.say(TYPE_CHECKING);
  try {
    const { findUses } = await import("../../project/discovery/find-uses.ts");
    const code = await findUses(options);
    const found = await brokenCalls(options, { befores: [before], after, code, warn, onTypeCheck });
    for (const { ref } of prompts) {
      const own = imports.filter(({ request }) => refKey(request.ref) === refKey(ref));
      const specifiers = own.map(({ specifier }) => specifier);
      calls.set(refKey(ref), callsOfPrompt(found, specifiers));
      const files = await uncheckedFiles(
        found,
        own.flatMap(({ uses }) => uses),
      );
      if (files.length > 0) unchecked.set(refKey(ref), files);
    }
  } catch (error) {
    if (!isScopeError(error)) throw error;
    warn(`Couldn't find out which calls this breaks. ${error.message}`);
  }
  return { calls, unchecked };
}
