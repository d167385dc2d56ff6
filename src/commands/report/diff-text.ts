import { formatError } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { type Hunk, metadataChanges, partDiffs } from "../../project/reports/hunks.ts";
import type { ComparedPrompt } from "../../project/versions/compare-prompts.ts";
import type { DiffSide } from "../../project/versions/find-version.ts";
import { promotionText } from "../../project/versions/pin-notes.ts";
import { costText } from "../../project/versions/prompt-cost.ts";
import { type JsonObject, type PromptContent, type PromptVersionData, refText } from "../../prompt.ts";
import type { Printer } from "../cli/output.ts";
import { type Colors, wrapText } from "../cli/terminal.ts";

/** The two sides, as the user named them; without `to` what each prompt's own pin says. */
interface DiffSides {
  readonly from: DiffSide;
  readonly to: DiffSide | undefined;
}

/** The differences of some prompts for a person: grade, what changed, text, metadata. */
export function diffText(diffs: readonly ComparedPrompt[], sides: DiffSides, output: Printer): string {
  if (diffs.length === 0) return "No differences.\n";
  return diffs.map((diff) => promptText(diff, sides, output)).join("\n");
}

function promptText(diff: ComparedPrompt, sides: DiffSides, output: Printer): string {
  const { ref, from, to } = diff;
  const { colors } = output;
  const oldSide = printableLine(versionText(sides.from, from));
  const newSide = printableLine(versionText(sides.to ?? ref.pin, to));
  const sections = [`${colors.bold(printableLine(refText(ref)))}\n${changeText(diff, output)}`];
  if (diff.isUnreadable && (from === undefined || to === undefined)) return sections.join("");
  const parts = partTexts(from?.content, to?.content, output);
  if (parts.length > 0) {
    sections.push(`${colors.red(`--- ${oldSide}`)}\n${colors.green(`+++ ${newSide}`)}\n${parts.join("")}`);
  } else if (diff.notes.length === 0)
    sections.push(`${colors.dim(`${oldSide} and ${newSide} have the same text.`)}\n`);
  const metadata = metadataText(from?.metadata ?? {}, to?.metadata ?? {}, colors);
  if (metadata !== "") sections.push(`metadata\n${metadata}`);
  return sections.join("\n");
}

function partTexts(
  from: PromptContent | undefined,
  to: PromptContent | undefined,
  { colors }: Printer,
): readonly string[] {
  return partDiffs(from, to).map(({ title, hunks }) => {
    const head = title === undefined ? "" : `${colors.bold(printableLine(title))}\n`;
    return head + formatHunks(hunks, colors);
  });
}

/** `snapshot, version 3` */
function versionText(side: DiffSide, version: PromptVersionData | undefined): string {
  let name = "platform";
  if (side === "snapshot") name = side;
  else if (side.kind === "found") name = side.place;
  else if (side.kind === "label") name = side.label;
  return version === undefined ? `${name}, nothing` : `${name}, version ${version.versionNumber}`;
}

function changeText(
  { grade, changes, problem, from, to, notes, cost }: ComparedPrompt,
  output: Printer,
): string {
  const { colors, width } = output;
  if (problem !== undefined) {
    const why = formatError(problem, { addresses: false }).replace(/^(?=.)/gm, "  ");
    return `${colors.red("change: not known")}\n${output.wrap(why)}\n`;
  }
  if (from === undefined || to === undefined) return "";
  const promotion = promotionText(to);
  const said = [costText(cost), ...notes, promotion && `version ${to.versionNumber} was ${promotion}`]
    .map((text) => text && `${printableLine(text)}\n`)
    .join("");
  const lines = changes
    .filter(({ kind }) => kind !== "text")
    .map(({ message, breaks }) => `  ${breaks ? colors.red(message) : message}\n`)
    .join("");
  const head = `change: ${grade === "breaking" ? colors.red(grade) : grade}\n`;
  return `${head}${wrapText(lines, width)}${wrapText(said, width)}`;
}

function metadataText(from: JsonObject, to: JsonObject, { red, green }: Printer["colors"]): string {
  const line = (key: string, value: string) => printableLine(`${JSON.stringify(key)}: ${value}`);
  return metadataChanges(from, to)
    .flatMap(({ key, from: before, to: now }) => [
      before === undefined ? "" : `${red(`-${line(key, before)}`)}\n`,
      now === undefined ? "" : `${green(`+${line(key, now)}`)}\n`,
    ])
    .join("");
}

/** Hunks as text. In colour, the characters are the same as without. */
export function formatHunks(hunks: readonly Hunk[], { cyan, red, green, dim }: Colors): string {
  const painted = (line: string) => (line.startsWith("-") ? red : line.startsWith("+") ? green : dim)(line);
  return hunks.map(({ head, lines }) => `${cyan(head)}\n${lines.map(painted).join("\n")}\n`).join("");
}
