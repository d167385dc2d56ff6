import type { PromptSource } from "../compiler/prompt-source.ts";
import { refKey, refText } from "../prompt.ts";
import { sameContent } from "./classify-difference.ts";
import { sourcesOf } from "./compile-request.ts";

/** So many are named; a prompt may be made of any number. */
const MOST_NAMED = 5;

/**
 * Which prompts that a prompt includes are other versions than before, in words; undefined when all are the same.
 *
 * @example partialMoves(before, after) // "foot@production: version 1 → 2"
 */
export function partialMoves(before: PromptSource, after: PromptSource): string | undefined {
  const old = new Map(sourcesOf(before).map((source) => [refKey(source.ref), source.version]));
  const moves = sourcesOf(after)
    .slice(1)
    .flatMap(({ ref, version }) => {
      const from = old.get(refKey(ref));
      if (from === undefined || (from.id === version.id && sameContent(from, version))) return [];
      const isSame = from.versionNumber === version.versionNumber;
      const what = isSame
        ? `version ${from.versionNumber} with another text`
        : `version ${from.versionNumber} → ${version.versionNumber}`;
      return [`${refText(ref)}: ${what}`];
    });
  if (moves.length === 0) return undefined;
  const rest = moves.length - MOST_NAMED;
  return `${moves.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
