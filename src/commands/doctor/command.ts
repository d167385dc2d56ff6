import { asRun } from "../../errors/printable.ts";
import type { AddCommand, CommandContext, GlobalFlags } from "../shell/context.ts";
import { count, wrapText } from "../shell/terminal.ts";
import type { Finding } from "./finding.ts";

/** `scope-gen doctor`: what is wrong with the setup, and how to fix it. */
export const addDoctor: AddCommand = (program, action) => {
  program
    .command("doctor")
    .description("check Node, config, credentials, login, types, snapshot and plugin, and say what's wrong")
    .addHelpText(
      "after",
      "\nExit: 0, or 1 when something won't work.\n\nExamples:\n  scope-gen doctor\n  scope-gen doctor --json",
    )
    .action(action<[GlobalFlags]>((context) => doctor(context)));
};

async function doctor(context: CommandContext): Promise<number> {
  const { output } = context;
  const { examine } = await import("./examine.ts");
  const findings = await examine(context.loading);
  const problems = findings.filter(({ status }) => status === "problem").length;
  const document = {
    status: problems === 0 ? "ok" : "problems",
    checks: findings,
  };
  output.result(
    () => document,
    () => toText(findings, context),
  );
  return problems === 0 ? 0 : 1;
}

const CHECK_WIDTH = 13;

function toText(findings: readonly Finding[], { output }: CommandContext): string {
  const { colors, width } = output;
  const paint = { ok: colors.green, warning: colors.yellow, problem: colors.red };
  const lines = findings.map(({ check, status, message, fix }) => {
    const head = `${paint[status](status.padEnd(9))}${check.padEnd(CHECK_WIDTH)}`;
    return [
      ...cells(head, message, width),
      ...(fix === null ? [] : cells(" ".repeat(9 + CHECK_WIDTH), `→ ${asRun(fix)}`, width)),
    ];
  });
  const of = (status: Finding["status"]) => findings.filter((one) => one.status === status).length;
  const summary =
    of("problem") + of("warning") === 0
      ? "Everything looks good."
      : `${count(of("problem"), "problem")}, ${count(of("warning"), "warning")}.`;
  return `${lines.flat().join("\n")}\n\n${summary}\n`;
}

/** A text next to its heading, wrapped in its own column. */
function cells(head: string, text: string, width: number | undefined): string[] {
  const column = 9 + CHECK_WIDTH;
  const [first = "", ...rest] = wrapText(text, width && width - column).split("\n");
  return [head + first, ...rest.map((line) => " ".repeat(column) + line)];
}
