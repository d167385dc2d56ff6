import { asRun } from "../../errors/printable.ts";
import type { Finding } from "../../project/setup-problems.ts";
import type { AddCommand, CommandContext } from "../cli/context.ts";
import { count, wrapText } from "../cli/terminal.ts";

export const addDoctor: AddCommand = (program, action) => {
  program
    .command("doctor")
    .description("check Node, config, credentials, login, types, snapshot and plugin, and say what's wrong")
    .addHelpText(
      "after",
      "\nExit: 0, or 1 when something won't work.\n\nExamples:\n  scope-gen doctor\n  scope-gen doctor --json",
    )
    .action(action<[]>(doctor));
};

async function doctor({ output, loading }: CommandContext): Promise<number> {
  const { examine } = await import("./examine.ts");
  const checks = await examine(loading);
  const of = (status: Finding["status"]) => checks.filter((one) => one.status === status).length;
  const [problems, warnings] = [of("problem"), of("warning")];
  const { colors, width } = output;
  const paint = { ok: colors.green, warning: colors.yellow, problem: colors.red };
  const lines = checks.flatMap(({ check, status, message, fix }) => [
    ...cells(`${paint[status](status.padEnd(9))}${check.padEnd(13)}`, message, width),
    ...(fix === null ? [] : cells(" ".repeat(COLUMN), `→ ${asRun(fix)}`, width)),
  ]);
  const summary =
    problems + warnings === 0
      ? "Everything looks good."
      : `${count(problems, "problem")}, ${count(warnings, "warning")}.`;
  const document = { status: problems === 0 ? "ok" : "problems", checks };
  output.result(output.json ? document : `${lines.join("\n")}\n\n${summary}\n`);
  return problems === 0 ? 0 : 1;
}

const COLUMN = 22;

/** A text next to its heading, wrapped in its own column. */
function cells(head: string, text: string, width: number | undefined): string[] {
  const [first = "", ...rest] = wrapText(text, width && width - COLUMN).split("\n");
  return [head + first, ...rest.map((line) => " ".repeat(COLUMN) + line)];
}
