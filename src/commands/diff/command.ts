import { resolveSpecifier } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import type { DiffSide } from "../../project/versions/find-version.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";
import { promptSpecifier } from "../cli/prompt-specifier.ts";

interface DiffFlags {
  readonly from?: string;
  readonly to?: string;
}

/** `scope-gen diff`: how two versions of a prompt differ in text, contract and metadata. */
export const addDiff: AddCommand = (program, action) => {
  program
    .command("diff")
    .description("compare text, contract and metadata of two versions of a prompt")
    .argument("[name]", "a key of the config, a prompt name, or a specifier; default: every prompt")
    .option("--from <version>", "snapshot, production, latest, a version number or ID (default: snapshot)")
    .option("--to <version>", "in the same form (default: what the prompt follows now)")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen diff\n  scope-gen diff welcome --to latest\n  scope-gen diff welcome --from 1 --to 2",
    )
    .action(action<[string | undefined, DiffFlags]>(diff));
};

async function diff(context: CommandContext, name: string | undefined, flags: DiffFlags): Promise<void> {
  const { output } = context;
  const { diffJson, diffPrompts } = await import("../../project/reports/diff-prompts.ts");
  const { diffText } = await import("../report/diff-text.ts");
  await using project = await context.openProject({ isAboutPlatform: true });
  const specifier = name === undefined ? undefined : await promptSpecifier(name, project);
  const sides = {
    from: (await findSide("--from", flags.from, project, specifier)) ?? "snapshot",
    to: await findSide("--to", flags.to, project, specifier),
  };
  const diffs = await diffPrompts(project, { specifier, ...sides });
  output.result(output.json ? diffJson(diffs) : diffText(diffs, sides, output), "texts");
}

/** What a flag names. A number is looked up, and so is an ID if the platform can't be asked. */
async function findSide(
  flag: string,
  text: string | undefined,
  project: Project,
  specifier: string | undefined,
): Promise<DiffSide | undefined> {
  if (text === undefined || text === "snapshot") return text;
  if (text === "production" || text === "latest") return { kind: "label", label: text };
  if (text === "")
    throw usageError(
      `${flag} is empty.`,
      "Use snapshot, production, latest, a version number or a version ID.",
    );
  if (specifier === undefined)
    throw usageError(
      `${flag} ${text} is a version of one prompt, so name the prompt too.`,
      `For example: scope-gen diff welcome ${flag} ${text}`,
    );
  const { mayAsk } = await import("../../project/versions/resolve.ts");
  const { findVersion, isVersionNumber } = await import("../../project/versions/find-version.ts");
  if (!isVersionNumber(text) && mayAsk(project)) return { kind: "version", versionId: text };
  const { name } = resolveSpecifier(specifier, project.options).ref;
  return { kind: "found", ...(await findVersion(project, name, text)) };
}
