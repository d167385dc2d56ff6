import { changesText, isLoss } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { asOne } from "../../errors/scope-errors.ts";
import {
  callJson,
  changesJson,
  costJson,
  errorToJson,
  notesJson,
  refJson,
} from "../../project/reports/json-parts.ts";
import { withUnseen } from "../../project/reports/report.ts";
import { costText } from "../../project/versions/prompt-cost.ts";
import { refText } from "../../prompt.ts";
import { type AddCommand, type CommandContext, watch } from "../cli/context.ts";
import { count, NO_PROMPTS } from "../cli/terminal.ts";
import { callsText, changesTable } from "../report/text.ts";
import type { PulledPrompt, PullResult } from "./pull-prompts.ts";

interface PullFlags {
  readonly prune?: boolean;
  readonly watch?: boolean;
}

/** `scope-gen pull`: fetches what the project imports, writes snapshot and types. */
export const addPull: AddCommand = (program, action) => {
  program
    .command("pull")
    .description("fetch prompts, write the snapshot and the types")
    .argument("[names...]", "fetch only these: keys of the config, prompt names or specifiers")
    .option("--prune", "remove snapshot files of prompts that are no longer imported or configured")
    .option("--watch", "keep running, pull again, and print what changed")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen pull\n  scope-gen pull welcome support_triage\n  scope-gen pull --prune",
    )
    .action(action<[string[], PullFlags]>(pull));
};

async function pull(context: CommandContext, names: readonly string[], flags: PullFlags): Promise<number> {
  if (!flags.watch) {
    const result = await pullOnce(context, names, flags);
    report(context, result);
    if (result.failures.length === 0) return 0;
    context.io.stderr.write(context.output.errorText(failureOf(result)));
    return 1;
  }
  let reported: string | undefined;
  await watch(context, async () => {
    const result = await pullOnce(context, names, flags);
    const standing = JSON.stringify([result.warnings, result.unused]);
    // A new name isn't written: it stays news until somebody changes it in the code.
    const isWritten = ({ change, changes }: PulledPrompt) =>
      change === "new" || changes.some(({ kind }) => kind !== "renamed");
    if (result.types?.written || result.prompts.some(isWritten) || standing !== reported)
      report(context, result);
    reported = standing;
    if (result.failures.length > 0) throw failureOf(result);
  });
  return 0;
}

async function pullOnce(
  context: CommandContext,
  names: readonly string[],
  { prune = false, watch: isWatching = false }: PullFlags,
): Promise<PullResult> {
  const { output } = context;
  const { pullPrompts } = await import("./pull-prompts.ts");
  await using project = await context.openProject({ isAboutPlatform: true });
  const progress = isWatching ? undefined : output.progress("Fetching");
  return await pullPrompts(project, { names, prune, progress });
}

/** What couldn't be pulled, as one error. */
function failureOf({ failures }: PullResult): unknown {
  return asOne(failures, "prompts couldn't be pulled");
}

function report(context: CommandContext, result: PullResult): void {
  const { output, cwd } = context;
  for (const warning of result.warnings) output.warn(warning);
  output.result(output.json ? toJson(result, cwd) : summary(context, result));
  if (result.unused.length === 0) return;
  const names = result.unused.map(refText).join(", ");
  output.info(
    result.pruned
      ? `Removed from the snapshot: ${names}`
      : `No longer imported or configured: ${names}. To remove them: scope-gen pull --prune`,
  );
}

function summary(
  { output, cwd }: CommandContext,
  { prompts, types, typeCheck, failures }: PullResult,
): string {
  // What a reader must not miss.
  const losesFirst = (one: PulledPrompt) => (one.changes.some(isLoss) ? 0 : 1);
  const changed = prompts
    .filter((prompt) => prompt.change !== "none" || prompt.from !== prompt.to)
    .sort((a, b) => losesFirst(a) - losesFirst(b));
  const lines: string[] = [];
  if (changed.length > 0) {
    const rows = changed.map((prompt) => {
      const { from, to, changes, change } = prompt;
      const versions = from === undefined || from === to ? `${to}` : `${from} → ${to}`;
      const inOrder = [...changes.filter(isLoss), ...changes.filter((one) => !isLoss(one))];
      const what = changesText(inOrder) || (change === "none" ? "a new version of the same text" : "");
      return { ...prompt, versions, what };
    });
    lines.push(changesTable(rows, output));
  }
  const said = [
    ...changed.map(({ ref, cost }) => [ref, costText(cost)] as const),
    ...changed.map(({ ref, to, promotion }) => [ref, promotion && `version ${to} was ${promotion}`] as const),
    ...prompts.flatMap((prompt) => withUnseen(prompt, cwd).map((note) => [prompt.ref, note] as const)),
  ].flatMap(([ref, text]) => (text === "" ? [] : [`${printableLine(`${refText(ref)}: ${text}`)}\n`]));
  if (said.length > 0) lines.push(output.wrap(said.join("")));
  const breaking = changed.filter(({ calls }) => calls.length > 0);
  for (const { ref, calls } of breaking) lines.push(`\n${callsText(ref, calls, output, cwd)}`);
  if (breaking.length > 0)
    lines.push("\nFix the calls, or go back to what is committed with git restore.\n\n");
  else if (typeCheck !== undefined) lines.push(`\nThen: ${typeCheck}\n\n`);
  const unchanged = prompts.length - changed.length;
  lines.push(
    prompts.length === 0
      ? NO_PROMPTS
      : `${count(prompts.length, "prompt")}: ${changed.length} changed, ${unchanged} unchanged.`,
  );
  if (types?.written) lines.push(` Types written to ${shortPath(types.file, cwd)}.`);
  if (failures.length > 0) lines.push(`\n${count(failures.length, "prompt")} couldn't be pulled.`);
  return `${lines.join("")}\n`;
}

function toJson(result: PullResult, cwd: string): unknown {
  const { prompts, unused, pruned, types, warnings, failures } = result;
  return {
    prompts: prompts.map((prompt) => ({
      ...refJson(prompt.ref),
      file: shortPath(prompt.file, cwd),
      from: prompt.from ?? null,
      to: prompt.to,
      change: prompt.change,
      changes: changesJson(prompt.changes),
      ...costJson(prompt.cost),
      ...(prompt.promotion && { promotion: prompt.promotion }),
      ...notesJson(withUnseen(prompt, cwd)),
      calls: prompt.calls.map((call) => callJson(call, cwd)),
    })),
    unused: unused.map(refJson),
    pruned,
    types: types ? { file: shortPath(types.file, cwd), written: types.written } : null,
    warnings,
    ...(failures.length > 0 && { error: errorToJson(failureOf(result), cwd) }),
  };
}
