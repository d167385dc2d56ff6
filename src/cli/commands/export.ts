import { resolve } from "node:path";
import { Argument } from "commander";
import type { PromptfooConfig } from "../../commands/test-samples/promptfoo.ts";
import { shortPath } from "../../errors/format-error.ts";
import { namingFile } from "../../files/naming-file.ts";
import { writeFileIfChanged } from "../../files/write-file.ts";
import type { Label } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { type AddCommand, labelOption } from "../program.ts";
import { count } from "../terminal/text-table.ts";

interface ExportFlags {
  readonly out?: string;
  readonly label?: Label;
  readonly provider: string;
}

/** `scope-gen export promptfoo`: a config that compares two versions over the samples. */
export const addExport: AddCommand = (program, action) => {
  program
    .command("export")
    .description("write a config for an evaluation tool, from the samples")
    .addArgument(new Argument("<tool>", "the tool").choices(["promptfoo"]))
    .argument("[names...]", "keys of the config, prompt names or specifiers; default: every prompt")
    .option("--out <file>", "write it to this file, instead of standard output")
    .addOption(
      labelOption("the version next to the committed one (default: latest, if the platform can be asked)"),
    )
    .option("--provider <id>", "the provider, as promptfoo calls it; echo answers with the prompt", "echo")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen export promptfoo --out promptfooconfig.json\n  scope-gen export promptfoo welcome --provider openai:gpt-5 --out promptfooconfig.json",
    )
    .action(action<["promptfoo", readonly string[], ExportFlags]>(exportConfig));
};

async function exportConfig(
  context: CommandContext,
  _tool: "promptfoo",
  names: readonly string[],
  { out, label, provider }: ExportFlags,
): Promise<void> {
  const { output, cwd } = context;
  const { promptfooConfig } = await import("../../commands/test-samples/promptfoo.ts");
  const { mayAsk } = await import("../../commands/fetch-versions.ts");
  const config = await context.withProject(
    (project) =>
      promptfooConfig(project, { names, label: label ?? (mayAsk(project) ? "latest" : undefined), provider }),
    { isAboutPlatform: label !== undefined },
  );
  if (config.prompts.length === 1)
    output.warn("The platform can't be asked: the config has only the committed versions.");
  if (config.tests.length === 0) output.warn("There are no samples, so the config has no tests.");
  if (out === undefined) return output.document(config);
  const file = resolve(cwd, out);
  await namingFile(file, () => writeFileIfChanged(file, `${JSON.stringify(config, null, 2)}\n`));
  output.result(
    () => ({ file: shortPath(file, cwd), ...countsOf(config) }),
    () => `Wrote ${shortPath(file, cwd)}: ${count(config.tests.length, "sample")}. Run: npx promptfoo eval\n`,
  );
}

function countsOf({ prompts, tests }: PromptfooConfig) {
  return { versions: prompts.map(({ id }) => id), samples: tests.length };
}
