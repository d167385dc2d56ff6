import { basename } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { asRun } from "../../errors/printable.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { count } from "../cli/terminal.ts";
import { actionOf, actionText, proposeChange } from "../report/propose-change.ts";
import type { Mode } from "./plan.ts";

const MODES: Readonly<Record<Mode, string>> = {
  fresh:
    'fresh (fetch: "auto"). A build uses the version that the label points to, and refuses a version that changes the committed contract. To go back: scope-gen pin <name> --previous.',
  reviewed: `reviewed (fetch: "never"). A build uses what's committed. To get new versions: scope-gen pull. To go back: git revert.`,
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
  const modes = Object.entries(MODES).map(([value, text]) => ({ value, label: asRun(text) }));
  const asks = isNew && !yes && !output.json;
  const chosen = asks ? await io.choose?.("Which version should a build use?", modes) : undefined;
  const mode = chosen === "reviewed" ? chosen : "fresh";
  const { changes, manual, found } = await planSetup(options, cwd, mode);
  output.info(`Found: ${found}.\n`);
  const config = changes.find(({ why }) => why === "the config")?.file;
  const where = config ? `"never" in ${basename(config)}` : '"never" in a new scope.config.json';
  const other = mode === "fresh" ? ` For reviewed mode: set fetch: ${where}.` : "";
  if (isNew) output.info(`Mode: ${MODES[mode]}${other}\n`);
  const lines: string[] = [];
  const made: object[] = [];
  for (const change of changes) {
    const isMade = await proposeChange(context, change, yes);
    if (isMade) await applyChange(change, options.root);
    lines.push(actionText(change, isMade, context));
    made.push({ file: shortPath(change.file, cwd), why: change.why, action: actionOf(change, isMade) });
    if (!yes) output.show("\n");
  }
  const steps = manual.map(({ what, code }) => `${what}:\n${code.replace(/^/gm, "  ")}\n`);
  const heading = output.colors.bold(`${count(steps.length, "step")} left for you:`);
  const left = steps.length === 0 ? "" : `\n${heading}\n\n${steps.join("\n")}`;
  const done = lines.join("") || "Nothing to change.\n";
  const text = output.wrap(`${done}${left}\nThen: scope-gen pull\n`);
  output.result(output.json ? { found, changes: made, manual } : text);
}
