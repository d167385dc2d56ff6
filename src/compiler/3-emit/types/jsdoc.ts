import { dotted } from "../../../errors/printable.ts";
import { type JsonObject, pinText } from "../../../prompt.ts";
import type { CompiledPrompt } from "../../compiled-prompt.ts";

const MAX_LINES = 40;
const MAX_LENGTH = 3000;

/**
 * The comment that an editor shows on hover: which prompt, which version, and its text. Lines begin with ` * `. The
 * text is in a quoted code block, so that no markdown in it is treated as ours.
 *
 * @param maxLines of a text or message
 * @param maxLength of all texts, in UTF-16 code units
 */
export function jsdoc({ source }: CompiledPrompt, maxLines = MAX_LINES, maxLength = MAX_LENGTH): string {
  const { ref, version } = source;
  const { content } = version;
  const title = `Prompt \`${plainLine(ref.name)}\`, ${ref.pin.kind} \`${plainLine(pinText(ref.pin))}\` (version ${version.versionNumber})`;
  const blocks =
    typeof content === "string"
      ? [quotedLines(content, maxLength, maxLines)]
      : content.map(
          (message) =>
            `\`${plainLine(message.role)}\`:\n\n${quotedLines(message.content, maxLength / content.length, maxLines)}`,
        );
  const lines = [title, ...blocks].join("\n\n").split("\n");
  return comment(lines).join("\n");
}

/** The comment above the metadata, by lines: its values, which the types leave open. None if there are none. */
export function metadataDoc(metadata: JsonObject): readonly string[] {
  if (Object.keys(metadata).length === 0) return [];
  return comment(quotedLines(JSON.stringify(metadata, null, 2)).split("\n"));
}

function comment(lines: readonly string[]): readonly string[] {
  return ["/**", ...lines.map((line) => ` * ${commentSafe(line)}`.trimEnd()), " */"];
}

function quotedLines(text: string, maxLength = MAX_LENGTH, maxLines = MAX_LINES): string {
  const all = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const lines: string[] = [];
  let length = 0;
  for (const line of all) {
    if (lines.length === maxLines || length + line.length > maxLength) break;
    lines.push(line);
    length += line.length;
  }
  // A first line that exceeds the whole limit would otherwise leave nothing.
  if (lines.length === 0) lines.push(`${firstUnits(all[0] as string, maxLength)}…`);
  const rest = all.length - lines.length;
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  const shown = [`${fence}text`, ...lines, fence].map((line) => `> ${line}`);
  return [...shown, ...(rest > 0 ? [`> … and ${rest} more line${rest === 1 ? "" : "s"}`] : [])].join("\n");
}

function firstUnits(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

function longestRun(text: string): number {
  return (text.match(/`{3,}/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

function plainLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029`]+/g, " ");
}

/** Not the comment's end, a tag or link of JSDoc, or a character that a text file shouldn't contain. */
function commentSafe(line: string): string {
  // An invisible joiner: after white space or a brace there would be a tag.
  return (
    dotted(line)
      // The joiners of scripts and emoji are invisible as well.
      .replace(/[\u200c\u200d]/g, "\u00b7")
      .replaceAll("*/", "*\\/")
      .replace(/(?<=^|[\s{])@/g, "\u2060@")
      .replace(/source(?=MappingURL)/gi, "$&\u2060")
      .replace(/\p{Surrogate}/gu, "\ufffd")
  );
}
