import { changesText } from "../../contract/contract.ts";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { refKey, refText } from "../../prompt.ts";
import { callsText } from "../check/print-calls.ts";
import { changesTable } from "../check/print-changes.ts";
import { unseenText } from "../check/verdict.ts";
import { costText } from "../cost/cost-text.ts";
import { errorToJson } from "../error-json.ts";
import { callJson, changesJson, costJson, notesJson, refJson } from "../json-parts.ts";
import type { CommandContext } from "../shell/context.ts";
import type { AddCommand } from "../shell/program.ts";
import { startProgress } from "../shell/progress.ts";
import { count } from "../shell/text-table.ts";
import { watch } from "../shell/watch.ts";
import { callsOf, type PulledCalls } from "./print-calls.ts";
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
    if (result.failure === undefined) return 0;
    context.io.stderr.write(context.output.errorText(result.failure));
    return 1;
  }
  let reported: string | undefined;
  await watch(context, async () => {
    const result = await pullOnce(context, names, flags);
    const standing = JSON.stringify([result.warnings, result.unused]);
    if (wroteAnything(result) || standing !== reported) report(context, result);
    reported = standing;
    if (result.failure !== undefined) throw result.failure;
  });
  return 0;
}

/** What a pull did, and the calls that it breaks, by `refKey`. */
interface Pulled extends PullResult {
  readonly calls: PulledCalls["calls"];
  /** The command that checks calls which a pull can't see; undefined if there are none. */
  readonly typeCheck: string | undefined;
  /** What couldn't be pulled, as one error. */
  readonly failure: unknown;
}

function wroteAnything({ prompts, types }: PullResult): boolean {
  // A new name isn't written: it stays news until somebody changes it in the code.
  const isWritten = ({ change, changes }: PulledPrompt) =>
    change === "new" || changes.some(({ kind }) => kind !== "renamed");
  return types?.written === true || prompts.some(isWritten);
}

async function pullOnce(
  context: CommandContext,
  names: readonly string[],
  { prune = false, watch: isWatching = false }: PullFlags,
): Promise<Pulled> {
  const { io, output } = context;
  const { pullPrompts } = await import("./pull-prompts.ts");
  const { asOne } = await import("../select-imports.ts");
  const { typeCheckCommand } = await import("../project-files/tsconfig.ts");
  const progress = isWatching ? undefined : startProgress("Fetching", io, output);
  try {
    return await context.withProject(
      async (project) => {
        const result = await pullPrompts(project, {
          names,
          prune,
          onProgress: ({ done, total, ref }) => progress?.update(done, total, refText(ref)),
        });
        const { calls, unchecked } = await callsOf(context, project.options, result, progress);
        return {
          ...result,
          calls,
          prompts: result.prompts.map((prompt) => {
            const files = unchecked.get(refKey(prompt.ref));
            if (files === undefined) return prompt;
            const note = unseenText(files, (file) => shortPath(file, context.cwd));
            return { ...prompt, notes: [...prompt.notes, note] };
          }),
          typeCheck: unchecked.size === 0 ? undefined : await typeCheckCommand(project.options.root),
          failure: asOne(result.failures, "prompts couldn't be pulled"),
        };
      },
      { isAboutPlatform: true },
    );
  } finally {
    progress?.stop();
  }
}

function report(context: CommandContext, result: Pulled): void {
  const { output, cwd } = context;
  for (const warning of result.warnings) output.warn(warning);
  output.result(
    () => toJson(result, cwd),
    () => summary(context, result),
  );
  if (result.unused.length > 0) output.log(unusedText(result));
}

function summary(
  { output, cwd }: CommandContext,
  { prompts, types, calls, typeCheck, failures }: Pulled,
): string {
  const changed = prompts.filter((prompt) => prompt.change !== "none" || prompt.from !== prompt.to);
  const lines: string[] = [];
  if (changed.length > 0) {
    const rows = changed.map((prompt) => ({
      ...prompt,
      versions: versions(prompt),
      what: changesText(prompt.changes) || (prompt.change === "none" ? "a new version of the same text" : ""),
    }));
    lines.push(changesTable(rows, output));
  }
  const said = [
    ...changed.flatMap(({ ref, cost }) => {
      const text = costText(cost);
      return text === "" ? [] : [`${refText(ref)}: ${text}`];
    }),
    ...changed.flatMap(({ ref, to, promotion }) =>
      promotion === "" ? [] : [`${refText(ref)}: version ${to} was ${promotion}`],
    ),
    ...prompts.flatMap(({ ref, notes }) => notes.map((note) => `${refText(ref)}: ${note}`)),
  ];
  if (said.length > 0) lines.push(output.wrap(said.map((line) => `${printableLine(line)}\n`).join("")));
  for (const { ref } of changed) {
    const broken = calls.get(refKey(ref)) ?? [];
    if (broken.length > 0) lines.push(`\n${callsText(ref, broken, output, cwd)}`);
  }
  const breaking = changed.filter(({ ref }) => (calls.get(refKey(ref)) ?? []).length > 0);
  if (breaking.length > 0) {
    const name = breaking.length === 1 ? breaking[0]?.ref.name : "<name>";
    const next = `Fix the calls, or roll back: scope-gen pin ${name} --previous`;
    lines.push(output.wrap(`\n${printableLine(next)}\n\n`));
  } else if (typeCheck !== undefined) lines.push(`\nThen: ${typeCheck}\n\n`);
  const unchanged = prompts.length - changed.length;
  const total = prompts.length === 0 ? "No prompts: nothing is imported or configured." : "";
  lines.push(
    total || `${count(prompts.length, "prompt")}: ${changed.length} changed, ${unchanged} unchanged.`,
  );
  if (types?.written) lines.push(` Types written to ${shortPath(types.file, cwd)}.`);
  if (failures.length > 0) lines.push(`\n${count(failures.length, "prompt")} couldn't be pulled.`);
  return `${lines.join("")}\n`;
}

function versions({ from, to }: PulledPrompt): string {
  return from === undefined || from === to ? `${to}` : `${from} → ${to}`;
}

function unusedText({ unused, pruned }: PullResult): string {
  const names = unused.map(refText).join(", ");
  return pruned
    ? `Removed from the snapshot: ${names}`
    : `No longer imported or configured: ${names}. To remove them: scope-gen pull --prune`;
}

function toJson(result: Pulled, cwd: string): unknown {
  return {
    prompts: result.prompts.map(({ ref, file, from, to, change, changes, promotion, notes, cost }) => ({
      ...refJson(ref),
      file: shortPath(file, cwd),
      from: from ?? null,
      to,
      change,
      changes: changesJson(changes),
      ...costJson(cost),
      ...(promotion === "" ? {} : { promotion }),
      ...notesJson(notes),
      calls: (result.calls.get(refKey(ref)) ?? []).map((call) => callJson(call, cwd)),
    })),
    unused: result.unused.map(refJson),
    pruned: result.pruned,
    types:
      result.types === undefined
        ? null
        : { file: shortPath(result.types.file, cwd), written: result.types.written },
    warnings: result.warnings,
    ...(result.failure === undefined ? {} : { error: errorToJson(result.failure, cwd) }),
  };
}
