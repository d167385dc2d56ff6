import type { Label } from "../../prompt.ts";
import { type AddCommand, type CommandContext, labelOption } from "../cli/context.ts";
import { count, NO_PROMPTS } from "../cli/terminal.ts";
import { findingsCount, findingsText } from "../report/findings-text.ts";
import { findingsJson, lintExit } from "../report/json-parts.ts";

interface LintFlags {
  readonly label?: Label;
}

export const addLint: AddCommand = (program, action) => {
  program
    .command("lint")
    .argument("[names...]", "keys of the config, prompt names or specifiers; default: every prompt")
    .description("find problems in prompts: API keys in the text, variables that defeat the cache, and more")
    .addOption(labelOption("check what this label points at, instead of what's committed"))
    .addHelpText(
      "after",
      "\nExit code: 0 nothing found, 2 warnings, 3 errors, 1 lint couldn't run.\n\nExamples:\n  scope-gen lint\n  scope-gen lint welcome --label latest\n  scope-gen lint --json",
    )
    .action(action<[string[], LintFlags]>(lint));
};

async function lint(context: CommandContext, names: string[], { label }: LintFlags): Promise<number> {
  const { output } = context;
  const { lintProject } = await import("../../project/versions/lint-versions.ts");
  await using project = await context.openProject({ isAboutPlatform: label !== undefined });
  const { findings, prompts } = await lintProject(project, names, label, output.progress("Fetching"));
  const summary = `${count(prompts, "prompt")}: ${findingsCount(findings)}.\n`;
  if (output.json) output.result({ findings: findingsJson(findings) });
  else if (prompts === 0) output.result(`${NO_PROMPTS}\n`);
  else output.result(findings.length === 0 ? summary : `${findingsText(findings, output)}\n${summary}`);
  return lintExit(findings);
}
