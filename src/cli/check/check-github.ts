import { printable } from "../../errors/printable.ts";
import { refText } from "../../prompt.ts";
import type { Remark } from "./remarks.ts";

/** Workflow commands of GitHub, which show remarks next to the code. */
export function githubCommands(remarks: readonly Remark[]): string {
  return remarks
    .map(({ level, prompt, path, line, column, message }) => {
      const place = line === undefined ? {} : { line: String(line), col: String(column ?? 1) };
      const title = prompt === undefined ? "scope-gen" : refText(prompt);
      return `${command(level, { file: path, ...place, title }, message)}\n`;
    })
    .join("");
}

function command(level: Remark["level"], properties: Record<string, string>, message: string): string {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${given.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
