import { basename } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import type { FileChange } from "../../project/edit/change.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { count } from "../cli/terminal.ts";
import { actionOf, actionText, proposeChange } from "../report/propose-change.ts";
import type { Mode } from "./plan.ts";

const MODES = [
  { value: "fresh", label: 'fresh (fetch: "auto"): a build uses the version that the label points to' },
  { value: "reviewed", label: `reviewed (fetch: "never"): a build uses what's committed` },
];

const MODE_TEXTS: Readonly<Record<Mode, string>> = {
  reviewed: `Mode: reviewed (fetch: "never"). A build uses what's committed. To get new versions: scope-gen pull. To go back: git revert.`,
  fresh:
    'Mode: fresh (fetch: "auto"). A build uses the version that the label points to, and refuses a version that changes the committed contract. To go back: git revert the pull, then scope-gen pin <name>.',
};

export const addInit: AddCommand = (program, action) => {
  program
    .command("init")
    .description("set up a project: config, plugin, types, ignore files; shows each change and asks first")
    .option("--yes", "make every change without asking")
    .addHelpText(
      "after",
      "\nIf it can't edit a file safely, it leaves it alone and says what to add.\nFor other tools, it prints the lines to add.\n\nExamples:\n  scope-gen init\n  scope-gen init --yes",
    )
    .action(action<[{ readonly yes?: boolean }]>(init));
};

async function init(context: CommandContext, { yes = false }: { readonly yes?: boolean }): Promise<void> {
  const { io, cwd, output, loading } = context;
  const { loadOptions } = await import("../../project/config/load-options.ts");
  const { planSetup } = await import("./plan.ts");
  const { applyChange } = await import("../../project/edit/change.ts");
  const options = await loadOptions(loading);
  // A config that already exists has a mode.
  const isNew = options.configFile === undefined;
  const chosen =
    isNew && !yes && !output.json ? await io.choose?.("Which version should a build use?", MODES) : undefined;
  const mode = chosen === "reviewed" ? chosen : "fresh";
  const { changes, manual, found } = await planSetup(options, cwd, mode);
  output.info(`Found: ${found}.\n`);
  const config = changes.find(({ why }) => why === "the config")?.file;
  const where = config ? `"never" in ${basename(config)}` : '"never" in a new scope.config.json';
  const other = mode === "fresh" ? ` For reviewed mode: set fetch: ${where}.` : "";
  if (isNew) output.info(`${MODE_TEXTS[mode]}${other}\n`);
  const outcomes: { readonly change: FileChange; readonly isApplied: boolean }[] = [];
  for (const change of changes) {
    const isApplied = await proposeChange(context, change, yes);
    if (isApplied) await applyChange(change, options.root);
    outcomes.push({ change, isApplied });
    if (!yes) output.show("\n");
  }
  const lines = outcomes.map(({ change, isApplied }) => actionText(change, isApplied, context));
  const steps = manual.map(({ what, code }) => `${what}:\n${code.replace(/^/gm, "  ")}\n`);
  const heading = output.colors.bold(`${count(steps.length, "step")} left for you:`);
  const left = steps.length === 0 ? "" : `\n${heading}\n\n${steps.join("\n")}`;
  const done = lines.join("") || "Nothing to change.\n";
  const text = output.wrap(`${done}${left}\nThen: scope-gen pull\n`);
  const made = outcomes.map(({ change, isApplied }) => ({
    file: shortPath(change.file, cwd),
    why: change.why,
    action: actionOf(change, isApplied),
  }));
  output.result(output.json ? { found, changes: made, manual } : text);
}
