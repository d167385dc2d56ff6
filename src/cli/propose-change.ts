import type { FileChange } from "../commands/init/change.ts";
import { shortPath } from "../errors/format-error.ts";
import type { CommandContext } from "./context.ts";

/**
 * Shows a change to a file, and asks whether to make it.
 *
 * @param isWanted make it without asking
 */
export async function proposeChange(
  { io, output, cwd }: CommandContext,
  change: FileChange,
  isWanted: boolean,
): Promise<boolean> {
  const { diffHunks } = await import("../commands/compare/diff-hunks.ts");
  const { formatHunks } = await import("./diff/paint-hunks.ts");
  const verb = change.before === undefined ? "Create" : "Change";
  const file = shortPath(change.file, cwd);
  const colors = output.logColors;
  output.log(`${colors.bold(file)}: ${change.why}`);
  output.show(`${formatHunks(diffHunks(change.before ?? "", change.after), colors)}\n`);
  return isWanted || (await io.confirm?.(`${verb} ${file}?`)) === true;
}
