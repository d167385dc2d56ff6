import type { FileChange } from "../commands/init/change.ts";
import { shortPath } from "../errors/format-error.ts";
import type { CommandContext } from "./context.ts";

/**
 * Shows a change to a file, and asks whether to make it. The command says what it does, so it goes ahead if nobody can
 * be asked.
 *
 * @param isWanted make it without asking
 */
export async function proposeChange(
  { io, output, cwd }: CommandContext,
  change: FileChange,
  isWanted = false,
): Promise<boolean> {
  const { diffHunks } = await import("../commands/compare/diff-hunks.ts");
  const { formatHunks } = await import("./diff/paint-hunks.ts");
  const verb = change.before === undefined ? "Create" : "Change";
  const file = shortPath(change.file, cwd);
  const colors = output.logColors;
  output.log(`${colors.bold(file)}: ${change.why}`);
  output.show(`${formatHunks(diffHunks(change.before ?? "", change.after), colors)}\n`);
  return isWanted || output.json || io.confirm === undefined || io.confirm(`${verb} ${file}?`);
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
