import type { Grade } from "../../contract/contract.ts";
import { type PromptRef, shownPin } from "../../prompt.ts";
import type { Printer } from "../shell/output.ts";
import { textTable } from "../shell/terminal.ts";

/** A prompt with its change, in text for a person. */
interface ChangeRow {
  readonly ref: PromptRef;
  /** `1 → 2` */
  readonly versions: string;
  /** Determines the colour. */
  readonly change: Grade | "new";
  /** Default: the change. */
  readonly shown?: string;
  readonly what: string;
}

/** The changes of some prompts, as a table. */
export function changesTable(rows: readonly ChangeRow[], { colors, width }: Printer): string {
  const { green, yellow, red, dim } = colors;
  const paint: { [C in ChangeRow["change"]]?: typeof red } = {
    new: green,
    none: dim,
    breaking: red,
    missing: red,
  };
  const cells = rows.map(({ ref, versions, change, shown = change, what }) => [
    ref.name,
    shownPin(ref.pin),
    versions,
    (paint[change] ?? yellow)(shown),
    what,
  ]);
  return textTable(["prompt", "pin", "version", "change", "what changed"], cells, width);
}
