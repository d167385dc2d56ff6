import type { DiffSide } from "../../build/diff-prompts.ts";
import type { CommandContext } from "../context.ts";
import type { DiffSides } from "../diff/diff-text.ts";
import type { AddCommand } from "../program.ts";
import { promptSpecifier } from "../prompt-specifier.ts";
import { usageError } from "../usage-error.ts";

interface DiffFlags {
  readonly from?: string;
  readonly to?: string;
}

/** `scope-gen diff`: how two versions of a prompt differ in text, contract and metadata. */
export const addDiff: AddCommand = (program, action) => {
  program
    .command("diff")
    .description("text, contract and metadata of a prompt, between two of its versions")
    .argument("[name]", "a key of the config, a prompt name, or a specifier; default: every prompt")
    .option("--from <version>", "snapshot, production, latest or a version ID (default: snapshot)")
    .option("--to <version>", "the same (default: what the prompt's own pin serves now)")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen diff\n  scope-gen diff welcome --to latest\n  scope-gen diff welcome --from production --to latest",
    )
    .action(action<[string | undefined, DiffFlags]>(diff));
};

async function diff(context: CommandContext, name: string | undefined, flags: DiffFlags): Promise<void> {
  const { io, output } = context;
  const { diffPrompts } = await import("../../build/diff-prompts.ts");
  const { diffJson } = await import("../diff/diff-json.ts");
  const { diffText } = await import("../diff/diff-text.ts");
  const from = sideOf("--from", flags.from, name) ?? "snapshot";
  const to = sideOf("--to", flags.to, name);
  const diffs = await context.withProject(async (project) =>
    diffPrompts(project, {
      specifier: name === undefined ? undefined : await promptSpecifier(name, project),
      from,
      to,
      signal: io.signal,
    }),
  );
  output.result(
    () => diffJson(diffs),
    () => diffText(diffs, { from, to } satisfies DiffSides, output),
    "texts",
  );
}

function sideOf(flag: string, text: string | undefined, name: string | undefined): DiffSide | undefined {
  if (text === undefined || text === "snapshot") return text;
  if (text === "production" || text === "latest") return { kind: "label", label: text };
  if (text === "")
    throw usageError(`${flag} is empty.`, "It takes snapshot, production, latest or a version ID.");
  if (name === undefined) {
    throw usageError(
      `${flag} ${text} is a version of one prompt, and no prompt is named.`,
      `For example: scope-gen diff welcome ${flag} ${text}`,
    );
  }
  return { kind: "version", versionId: text };
}
