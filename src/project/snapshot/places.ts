import type { SnapshotPlaces } from "../../compiler/3-emit/types/emit-types.ts";
import type { PromptRef, PromptVersionData } from "../../prompt.ts";
import { formatSnapshot } from "./format.ts";

/**
 * The lines of a version's snapshot file that an editor opens.
 *
 * @param names of variables; one whose use isn't found (its tag has its own delimiters) is left out
 */
export function snapshotPlaces(
  { ref, version }: { readonly ref: PromptRef; readonly version: PromptVersionData },
  names: readonly string[],
): SnapshotPlaces {
  // The environment is one line, whatever it is.
  const lines = formatSnapshot({ ref, version, environment: "" }).split("\n");
  const content = lines.findIndex((line) => line.startsWith('  "content":'));
  const end = lines.findIndex((line, at) => at > content && line.startsWith('  "'));
  const variables = firstUses(lines, { from: content + 1, to: end }, names);
  const metadata = new Map<string, number>();
  const start = lines.indexOf('  "metadata": {');
  for (let at = start + 1; start !== -1 && lines[at]?.startsWith("    "); at++) {
    const [, key] = /^ {4}("(?:[^"\\]|\\.)*"):/.exec(lines[at] ?? "") ?? [];
    if (key !== undefined) metadata.set(JSON.parse(key) as string, at);
  }
  return { content, variables, metadata };
}

/** A tag up to the end of its name, in the platform's own syntax or mustache's: the name, and the rest of a path. */
const TAG = /\{\{[{&#^]?\s*([^\s{}.]+)([^\s{}]*)/g;

/** The first line with a tag for each name. Reads each line once. */
function firstUses(
  lines: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
  names: readonly string[],
): ReadonlyMap<string, number> {
  const missing = new Set(names);
  const first = new Map<string, number>();
  for (let at = from; at < to && missing.size > 0; at++) {
    for (const [, name = "", rest = ""] of (lines[at] ?? "").matchAll(TAG))
      for (const one of [name, name + rest]) if (missing.delete(one)) first.set(one, at);
  }
  return first;
}
