import { shortPath } from "../../errors/format-error.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { printableLine } from "../../errors/printable.ts";
import type { ListedPrompt, PromptList } from "../../project/reports/list-prompts.ts";
import { tokensText } from "../../project/versions/prompt-cost.ts";
import { refKey, refText, shownPin } from "../../prompt.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { count, NO_PROMPTS, textTable } from "../cli/terminal.ts";

export const addList: AddCommand = (program, action) => {
  program
    .command("list")
    .description("list prompts with what they follow, their versions and variables, and where you use them")
    .addHelpText("after", "\nExamples:\n  scope-gen list\n  scope-gen list --json")
    .action(action(list));
};

async function list(context: CommandContext): Promise<void> {
  const { output, cwd } = context;
  const { listJson, listProjectPrompts } = await import("../../project/reports/list-prompts.ts");
  const { findPinNotes } = await import("../../project/versions/pin-notes.ts");
  await using project = await context.openProject();
  const found = await listProjectPrompts(project);
  const prompts = found.prompts.map(({ request: { ref }, entry }) => ({ ref, committed: entry?.version }));
  const { notes, problem } = await findPinNotes(project, prompts);
  if (problem !== undefined)
    output.warn(`Couldn't find out how far production is ahead of the pins. ${problem}`);
  output.result(output.json ? listJson(found, notes, cwd) : toText(found, notes, context));
}

function toText(
  { prompts, unused, computed }: PromptList,
  notes: ReadonlyMap<string, readonly string[]>,
  { output, cwd }: CommandContext,
): string {
  const { yellow, red, dim } = output.colors;
  const placeOf = ({ file, line }: { readonly file: string; readonly line: number }) =>
    `${shortPath(file, cwd)}:${line}`;
  const rows = prompts.flatMap((prompt) => {
    const [first = dim("not imported"), ...others] = prompt.uses.map(placeOf);
    return [row(prompt, first), ...others.map((place) => ["", "", "", "", "", place])];
  });
  const sections = [
    rows.length === 0
      ? `${NO_PROMPTS}\n`
      : textTable(["prompt", "follows", "version", "tokens", "variables", "used in"], rows, output.width),
  ];
  const refs = new Map(prompts.map(({ request: { ref } }) => [refKey(ref), refText(ref)]));
  const lines = [...notes].flatMap(([key, own]) => own.map((note) => `${refs.get(key)}: ${note}`));
  const known = prompts.flatMap(({ entry, request: { key, ref } }) =>
    entry === undefined ? [] : [key, ref.name],
  );
  for (const { request, entry, problem } of prompts) {
    if (entry !== undefined || problem !== undefined) continue;
    const { ref } = request;
    const nearest = didYouMean(ref.name, [...known, ...unused.map(({ name }) => name)], undefined);
    if (nearest !== undefined) lines.push(`${refText(ref)} isn't committed. ${nearest}`);
  }
  if (lines.length > 0) sections.push(output.wrap(lines.map((line) => `${printableLine(line)}\n`).join("")));
  const listed = (lines: readonly string[]) => lines.map((line) => `  ${printableLine(line)}\n`).join("");
  if (unused.length > 0)
    sections.push(
      `In the snapshot, but not imported or configured:\n${listed(unused.map(refText))}To remove them: scope-gen pull --prune\n`,
    );
  if (computed.length > 0)
    sections.push(
      `${count(computed.length, "import")} computed at run time, without types:\n${listed(computed.map((use) => `${placeOf(use)}  ${use.text}`))}`,
    );
  return sections.join("\n");

  function row({ problem, entry, compiled, request, cost }: ListedPrompt, place: string): string[] {
    const { key, ref } = request;
    const version = entry === undefined ? yellow("not pulled") : String(entry.version.versionNumber);
    return [
      key === ref.name ? key : `${key} → ${ref.name}`,
      shownPin(ref.pin) + (request.live ? " live" : ""),
      problem === undefined ? version : red(problem.code),
      cost === undefined ? dim("-") : tokensText(cost.tokens),
      compiled?.variables.join(", ") || dim("-"),
      place,
    ];
  }
}
