import { shortPath } from "../../errors/format-error.ts";
import { diffHunks } from "../compare/diff-hunks.ts";
import { type Change, isReadOnly, type ManualStep, placeOf } from "./change.ts";
import type { Plan } from "./plan.ts";

/**
 * What of a plan the command may do: a read-only file is left to a person, with what to write there.
 *
 * @throws ConfigurationError `leads_outside`, before anything is changed or shown
 */
export async function possible({ changes, manual, found }: Plan, root: string, cwd: string): Promise<Plan> {
  const done: Change[] = [];
  const left: ManualStep[] = [...manual];
  for (const { file } of changes) await placeOf(file, root);
  for (const change of changes) {
    if (await isReadOnly(change)) left.push(byHand(change, cwd));
    else done.push(change);
  }
  return { changes: done, manual: left, found };
}

function byHand({ file, why, before = "", after }: Change, cwd: string): ManualStep {
  const code = diffHunks(before, after)
    .flatMap(({ head, lines }) => [head, ...lines])
    .join("\n");
  return { what: `${shortPath(file, cwd)} is read-only. Change it by hand, for ${why}`, code };
}
