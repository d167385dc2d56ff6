import { relative } from "node:path";
import { typesProblem, type Verdict } from "../../commands/check/verdict.ts";
import type { Env } from "../../environment.ts";
import { printable } from "../../errors/printable.ts";
import { asProjectRuns } from "../../project/config/package-manager.ts";
import { refText } from "../../prompt.ts";
import { overBudgetText, versionsText, whatText } from "./check-text.ts";
import { refKey, refText } from "../../prompt.ts";
import { placeText } from "../lint/lint-text.ts";
import { versionsText, whatText } from "./check-text.ts";

/**
 * Workflow commands that show a verdict next to the code: an error at each call that breaks, and a warning per
 * difference.
 */
export function checkAnnotations(verdict: Verdict, env: Env, cwd: string): string {
  const root = env.GITHUB_WORKSPACE || cwd;
  const lines: string[] = [];
  for (const prompt of verdict.prompts) {
    const title = refText(prompt.ref);
    for (const { file, line, column, message } of prompt.calls) {
      const place = { file: inside(root, file), line: String(line), col: String(column) };
      lines.push(command("error", { ...place, title }, message));
    }
    for (const exceeded of prompt.overBudget ?? []) {
      const level = exceeded.severity === "error" ? "error" : "warning";
      const place = { file: inside(root, prompt.file), title };
      lines.push(command(level, place, overBudgetText(prompt, exceeded)));
    }
    if (prompt.change === "none") continue;
    const level = prompt.change === "breaking" || prompt.change === "missing" ? "error" : "warning";
    const message = `version ${versionsText(prompt)}: ${whatText(prompt)}`;
    lines.push(command(level, { file: inside(root, prompt.file), title }, message));
  }
  const files = new Map(verdict.prompts.map(({ ref, file }) => [refKey(ref), file]));
  for (const finding of verdict.findings ?? []) {
    const { severity, rule, prompt, message, hint } = finding;
    const file = inside(root, files.get(refKey(prompt)) ?? "");
    const where = [refText(prompt), placeText(finding)].filter((part) => part !== undefined).join(", ");
    const level = severity === "error" ? "error" : "warning";
    lines.push(command(level, { file, title: rule }, asProjectRuns(`${where}: ${message}\n${hint}`, cwd)));
  }
  const types = typesProblem(verdict, (file) => inside(root, file));
  if (types !== undefined) {
    const message = `${types.what} Run: ${types.command}`;
    lines.push(
      command(
        "warning",
        { file: inside(root, verdict.typesFile), title: "scope-gen" },
        asProjectRuns(message, cwd),
      ),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** GitHub looks for files relative to the root of the checkout. */
function inside(root: string, file: string): string {
  return relative(root, file).replaceAll("\\", "/");
}

function command(level: "error" | "warning", properties: Record<string, string>, message: string): string {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${given.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
