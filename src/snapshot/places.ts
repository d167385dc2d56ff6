import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { formatSnapshot } from "./format.ts";

/**
 * The lines of a version's snapshot file that an editor opens, from 0: its text, the first use of each variable, and
 * each key of its metadata.
 *
 * @param names of variables; one whose use is not found (its tag has delimiters of its own) is left out
 */
export function snapshotPlaces(
  { ref, version }: { readonly ref: PromptRef; readonly version: PromptVersionData },
  names: readonly string[],
): {
  readonly content: number;
  readonly variables: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, number>;
} {
  // The environment is one line, whatever it is.
  const lines = formatSnapshot({ ref, version, environment: "" }).split("\n");
  const content = lines.findIndex((line) => line.startsWith('  "content":'));
  const end = lines.findIndex((line, at) => at > content && line.startsWith('  "'));
  const variables = new Map<string, number>();
  for (const name of names) {
    const at = lines.findIndex((line, number) => number > content && number < end && uses(line, name));
    if (at !== -1) variables.set(name, at);
  }
  const metadata = new Map<string, number>();
  const start = lines.indexOf('  "metadata": {');
  for (let at = start + 1; start !== -1 && lines[at]?.startsWith("    "); at++) {
    const [, key] = /^ {4}("(?:[^"\\]|\\.)*"):/.exec(lines[at] ?? "") ?? [];
    if (key !== undefined) metadata.set(JSON.parse(key) as string, at);
  }
  return { content, variables, metadata };
}

/** Has a line a tag of this name, in the platform's own syntax or as a tag of mustache? */
function uses(line: string, name: string): boolean {
  if (line.includes(`{{${name}}}`)) return true;
  return line
    .split("{{")
    .slice(1)
    .map((tag) => tag.replace(/^[{&#^]/, "").trimStart())
    .some((tag) => tag.startsWith(name) && !/^[\p{L}\p{N}_]/u.test(tag.slice(name.length)));
}
