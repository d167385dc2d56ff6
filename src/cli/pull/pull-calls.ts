import { brokenCalls, type CallPlace, concerns } from "../../commands/check/broken-calls.ts";
import type { PullResult } from "../../commands/pull/pull-prompts.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { withMarkup } from "../../project/discovery/component-scripts.ts";
import { refKey } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { type ProgressBar, TYPE_CHECKING } from "../terminal/progress.ts";

/** Broken calls, by the `refKey` of the prompt. */
export type CallsByPrompt = ReadonlyMap<string, readonly CallPlace[]>;

/**
 * The calls that the newly pulled versions break. Everything is already written by then, so problems are only warnings.
 */
export async function callsOf(
  { output }: CommandContext,
  options: ResolvedOptions,
  { prompts, typesChange }: PullResult,
  progress: ProgressBar | undefined,
): Promise<CallsByPrompt> {
  if (typesChange === undefined) return new Map();
  const { before, after, imports } = typesChange;
  const warn = (text: string) => {
    progress?.stop();
    output.warn(text);
  };
  const onTypeCheck = () => progress?.say(TYPE_CHECKING);
  let broken: Awaited<ReturnType<typeof brokenCalls>>;
  try {
    const { findUses } = await import("../../project/discovery/find-uses.ts");
    const code = await findUses(options);
    broken = await brokenCalls(options, { befores: [before], after, code, warn, onTypeCheck });
  } catch (error) {
    if (!isScopeError(error)) throw error;
    warn(`Couldn't find out which calls this breaks. ${error.message}`);
    return new Map();
  }
  return new Map(
    prompts.map(({ ref, change, changes }) => {
      const key = refKey(ref);
      const specifiers = imports.flatMap((one) => (refKey(one.request.ref) === key ? [one.specifier] : []));
      const known = change === "new" ? undefined : changes;
      return [key, broken.filter((call) => concerns(call, specifiers, known))] as const;
    }),
  );
}

/** The components with markup that import a prompt whose types changed: a pull doesn't look at calls there. */
export async function unseenComponents({
  prompts,
  typesChange,
}: PullResult): Promise<ReadonlyMap<string, readonly string[]>> {
  const unseen = new Map<string, readonly string[]>();
  for (const { ref, change } of prompts) {
    if (change !== "breaking" && change !== "compatible") continue;
    const key = refKey(ref);
    const imports = typesChange?.imports.filter(({ request }) => refKey(request.ref) === key) ?? [];
    const files = await withMarkup(imports.flatMap(({ uses }) => uses.map(({ file }) => file)));
    if (files.length > 0) unseen.set(key, files);
  }
  return unseen;
}
