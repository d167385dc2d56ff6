import { shortPath } from "../../errors/format-error.ts";
import type { FileChange } from "../../project/edit/change.ts";
import type { CommandContext } from "../cli/context.ts";
import { usageError } from "../cli/errors.ts";

/** Shows a change to a file, and asks whether to make it, unless it's wanted anyway. */
export async function proposeChange(
  { io, output, cwd }: CommandContext,
  change: FileChange,
  isWanted = false,
): Promise<boolean> {
  const { diffHunks } = await import("../../project/reports/hunks.ts");
  const { formatHunks } = await import("./diff-text.ts");
  const verb = change.before === undefined ? "Create" : "Change";
  const file = shortPath(change.file, cwd);
  const colors = output.logColors;
  output.info(`${colors.bold(file)}: ${change.why}`);
  output.show(`${formatHunks(diffHunks(change.before ?? "", change.after), colors)}\n`);
  if (isWanted) return true;
  if (output.json || io.confirm === undefined)
    throw usageError(
      `${output.json ? "With --json, nothing is asked" : "There's no terminal to ask in"}, so ${file} is left as it was.`,
      "To make changes without being asked, add --yes.",
    );
  return io.confirm(`${verb} ${file}?`);
}

/** What became of a change that was proposed. */
export function actionOf({ before }: FileChange, isMade: boolean): "created" | "changed" | "skipped" {
  if (!isMade) return "skipped";
  return before === undefined ? "created" : "changed";
}

/** The same as a line: `created  scope.config.ts`. */
export function actionText(change: FileChange, isMade: boolean, { output, cwd }: CommandContext): string {
  const { green, dim } = output.colors;
  const paint = isMade ? green : dim;
  return `${paint(actionOf(change, isMade))}  ${shortPath(change.file, cwd)}\n`;
}
