import type { DiffSide, PromptDiff } from "../../build/diff-prompts.ts";
import type { PromptVersionData } from "../../prompt.ts";
import type { CommandContext } from "../context.ts";
import { type DiffSides, metadataChanges } from "../diff/diff-text.ts";
import { pinJson } from "../pin-json.ts";
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
  const { diffText } = await import("../diff/diff-text.ts");
  const from = sideOf("--from", flags.from, name) ?? "snapshot";
  const to = sideOf("--to", flags.to, name);
  const diffs = await context.withProject((project) =>
    diffPrompts(project, {
      specifier: name === undefined ? undefined : promptSpecifier(name, project.options),
      from,
      to,
      signal: io.signal,
    }),
  );
  output.result(await toJson(diffs), () => diffText(diffs, { from, to } satisfies DiffSides, output));
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

async function toJson(diffs: readonly PromptDiff[]): Promise<unknown> {
  const { partDiffs } = await import("../diff/message-diffs.ts");
  const { errorToJson } = await import("../error-json.ts");
  return {
    prompts: diffs.map(({ ref, from, to, changes, problem }) => ({
      name: ref.name,
      pin: pinJson(ref.pin),
      from: versionJson(from),
      to: versionJson(to),
      contract: changes.map(({ message, breaks }) => ({ message, breaks })),
      ...(problem === undefined ? {} : { problem: errorToJson(problem, "") }),
      content: partDiffs(from?.content, to?.content).map(({ title, hunks }) => ({
        ...(title === undefined ? {} : { message: title }),
        diff: hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n"),
      })),
      metadata: metadataChanges(from?.metadata ?? {}, to?.metadata ?? {}).map((change) => ({
        key: change.key,
        from: change.from === undefined ? null : JSON.parse(change.from),
        to: change.to === undefined ? null : JSON.parse(change.to),
      })),
    })),
  };
}

function versionJson(version: PromptVersionData | undefined) {
  return version === undefined ? null : { versionId: version.id, versionNumber: version.versionNumber };
}
