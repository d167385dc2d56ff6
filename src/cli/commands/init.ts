import type { FileChange, ManualStep } from "../../commands/init/change.ts";
import type { Plan } from "../../commands/init/plan.ts";
import { shortPath } from "../../errors/format-error.ts";
import type { CommandContext } from "../context.ts";
import type { AddCommand } from "../program.ts";
import { actionOf, actionText, proposeChange } from "../propose-change.ts";
import { count } from "../terminal/text-table.ts";

interface InitFlags {
  readonly yes?: boolean;
}

interface Outcome {
  readonly change: FileChange;
  readonly isApplied: boolean;
}

/** `scope-gen init`: config, types, tsconfig, bundler config and ignore files for the project found here. */
export const addInit: AddCommand = (program, action) => {
  program
    .command("init")
    .description("set up a project: config, plugin, types, ignore files; shows each change and asks first")
    .option("--yes", "make every change without asking")
    .addHelpText(
      "after",
      "\nIf it can't edit a file safely, it leaves it alone and says what to add.\nFor linters and task runners, it prints the settings.\n\nExamples:\n  scope-gen init\n  scope-gen init --yes",
    )
    .action(action<[InitFlags]>(init));
};

async function init(context: CommandContext, { yes = false }: InitFlags): Promise<void> {
  const { io, cwd, output, loading } = context;
  const { loadOptions } = await import("../../project/config/load/load-options.ts");
  const { nextCommand, planSetup } = await import("../../commands/init/plan.ts");
  const { chooseMode, modeText } = await import("../../commands/init/mode.ts");
  const options = await loadOptions(loading);
  // A config that already exists has a mode.
  const isNew = options.configFile === undefined;
  const mode = isNew
    ? await chooseMode(yes ? undefined : io.choose)
    : options.fetch === "never"
      ? "reviewed"
      : "fresh";
  const plan = await planSetup(options, cwd, mode);
  output.log(`Found: ${plan.found}.\n`);
  if (isNew) output.log(`${modeText(mode)}\n`);
  const outcomes: Outcome[] = [];
  const { applyChange } = await import("../../commands/init/change.ts");
  for (const change of plan.changes) {
    const isApplied = await proposeChange(context, change, yes);
    if (isApplied) await applyChange(change, options.root);
    outcomes.push({ change, isApplied });
    if (!yes) output.show("\n");
  }
  const next = await nextCommand(options, plan.imports);
  output.result(
    () => toJson(outcomes, plan, cwd),
    () => toText(outcomes, plan, next, context),
  );
}

function toText(
  outcomes: readonly Outcome[],
  { manual }: Plan,
  command: string | undefined,
  context: CommandContext,
): string {
  const { output } = context;
  const lines = outcomes.map(({ change, isApplied }) => actionText(change, isApplied, context));
  const done = outcomes.length === 0 ? "Nothing to change.\n" : lines.join("");
  const steps = manual.map(({ what, code }) => `${what}:\n${code.replace(/^/gm, "  ")}\n`);
  const left =
    steps.length === 0
      ? ""
      : `\n${output.colors.bold(`${count(steps.length, "step")} left for you:`)}\n\n${steps.join("\n")}`;
  const next =
    command === undefined ? "All prompts that the code imports are committed.\n" : `Then: ${command}\n`;
  return output.wrap(`${done}${left}\n${next}`);
}

function toJson(outcomes: readonly Outcome[], { manual, found }: Plan, cwd: string): unknown {
  return {
    found,
    changes: outcomes.map(({ change, isApplied }) => ({
      file: shortPath(change.file, cwd),
      why: change.why,
      action: actionOf(change, isApplied),
    })),
    manual: manual.map(({ what, code }: ManualStep) => ({ what, code })),
  };
}
