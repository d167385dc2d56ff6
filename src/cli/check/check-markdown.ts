import { shortPath } from "../../errors/format-error.ts";
import { pinText } from "../../prompt.ts";
import { partDiffs } from "../diff/message-diffs.ts";
import { count } from "../text-table.ts";
import { versionsText, whatText } from "./check-text.ts";
import type { CheckedPrompt, Verdict } from "./verdict.ts";

/** A comment holds 65,536 characters; past this, no more texts are added. */
const LONGEST = 50_000;

/** A verdict as a pull-request comment: what differs, the calls that break, and the texts folded away. */
export function checkMarkdown(verdict: Verdict, cwd: string): string {
  const differing = verdict.prompts.filter(({ change }) => change !== "none");
  const sections = [`### Prompts: ${headline(verdict)}`];
  if (verdict.platform === "skipped") sections.push("The platform was not asked.");
  if (verdict.types === "stale" || verdict.types === "missing") {
    sections.push(
      `The types are ${verdict.types === "stale" ? "out of date" : "missing"} (${code(shortPath(verdict.typesFile, cwd))}). Run ${code("scope-gen pull")}.`,
    );
  }
  if (differing.length > 0) sections.push(table(differing));
  const broken = differing.filter(({ calls }) => calls.length > 0);
  if (broken.length > 0)
    sections.push(["**What breaks**", ...broken.map((one) => calls(one, cwd))].join("\n\n"));
  let length = sections.join("\n\n").length;
  for (const prompt of differing) {
    const text = details(prompt);
    if (text === "") continue;
    length += text.length + 2;
    if (length > LONGEST) {
      sections.push(`More texts differ than fit here: ${code("scope-gen diff")} has them.`);
      break;
    }
    sections.push(text);
  }
  return `${sections.join("\n\n")}\n`;
}

function headline({ status, prompts }: Verdict): string {
  if (status === "in-sync") return "in step";
  const of = (change: CheckedPrompt["change"]) => prompts.filter((one) => one.change === change).length;
  const said = (
    [
      [of("breaking"), "breaking"],
      [of("missing"), "missing"],
      [of("compatible"), "compatible"],
      [of("text"), "text only"],
    ] as const
  ).filter(([number]) => number > 0);
  return said.length === 0 ? "the types need writing" : said.map(([n, word]) => `${n} ${word}`).join(", ");
}

function table(prompts: readonly CheckedPrompt[]): string {
  const rows = prompts.map((prompt) =>
    [
      code(prompt.ref.name),
      code(pinText(prompt.ref.pin)),
      versionsText(prompt),
      prompt.change === "breaking" || prompt.change === "missing" ? `**${prompt.change}**` : prompt.change,
      plain(whatText(prompt)),
    ]
      .map((cell) => cell.replaceAll("|", "\\|"))
      .join(" | "),
  );
  return [
    "| prompt | pin | version | change | what changed |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function calls({ ref, calls: places }: CheckedPrompt, cwd: string): string {
  const items = places.map(({ file, line, column, message }) => {
    const block = fenced(message, "").replace(/^/gm, "  ");
    return `- ${code(`${shortPath(file, cwd)}:${line}:${column}`)}\n\n${block}`;
  });
  return `${code(ref.name)}, ${count(places.length, "place")}:\n\n${items.join("\n")}`;
}

function details(prompt: CheckedPrompt): string {
  const { committed, current } = prompt.compared;
  if (current === undefined) return "";
  const parts = partDiffs(committed?.content, current.content).map(({ title, hunks }) => {
    const text = hunks.map(({ head, lines }) => [head, ...lines].join("\n")).join("\n");
    return `${title === undefined ? "" : `${plain(title)}\n\n`}${fenced(text, "diff")}`;
  });
  if (parts.length === 0) return "";
  const summary = `<summary>${html(prompt.ref.name)}: version ${versionsText(prompt)}</summary>`;
  return `<details>${summary}\n\n${parts.join("\n\n")}\n\n</details>`;
}

/** A fence longer than any in the text, so that a prompt cannot end it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A code span: nothing in it is markup, and nobody is mentioned. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  const room = longest === 0 ? "" : " ";
  return `${ticks}${room}${text.replace(/[\r\n]+/g, " ")}${room}${ticks}`;
}

/** Text in which names from elsewhere stand between quotes: these become code. */
function plain(text: string): string {
  return text
    .split(/"([^"]*)"/)
    .map((part, index) => (index % 2 === 1 ? code(part) : html(part)))
    .join("");
}

function html(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[&<>]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? char)
    .replace(/[@*_[\]\\`#]/g, (char) => `&#${char.charCodeAt(0)};`);
}
