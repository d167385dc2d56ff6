import { nearestName } from "../errors/nearest-name.ts";
import { quoted } from "../errors/printable.ts";
import type { PromptContent } from "../prompt.ts";

/** A variable that seems to have a new name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

interface NamedTemplate {
  readonly content: PromptContent;
  readonly variables: readonly string[];
}

/**
 * The variables that were renamed, as far as the two templates show it: a removed name and a new one are in the
 * same place of the same line, or the two names are similar. A guess: it doesn't change a grade.
 *
 * @returns only pairs whose halves match nothing else, in the order of the new names
 * @example renamedVariables(
 *   { content: "Ticket: {{ticket}}", variables: ["ticket"] },
 *   { content: "Ticket: {{message}}", variables: ["message"] },
 * ) // [{ from: "ticket", to: "message" }]
 */
export function renamedVariables(from: NamedTemplate, to: NamedTemplate): readonly Rename[] {
  const gone = namesOnlyIn(from, to);
  const added = namesOnlyIn(to, from);
  if (gone.size === 0 || added.size === 0) return [];
  const [before, after] = [linesAround(from.content, gone), linesAround(to.content, added)];
  const byText = clearPairs(gone, added, (old, name) => {
    const known = before.get(old);
    return [...(after.get(name) ?? [])].some((line) => known?.has(line));
  });
  for (const pair of byText) {
    gone.delete(pair.from);
    added.delete(pair.to);
  }
  const byName = clearPairs(gone, added, (old, name) => nearestName(name, [old]) !== undefined);
  const pairs = [...byText, ...byName];
  return to.variables.flatMap((name) => pairs.filter((pair) => pair.to === name));
}

/** @example renameText({ from: "ticket", to: "message" }) // '"ticket" → "message"?' */
export function renameText({ from, to }: Rename): string {
  const [before, after] = [[...from], [...to]];
  const differing = after.flatMap((letter, at) => (letter === before[at] ? [] : letter + (before[at] ?? "")));
  // Letters of two alphabets, in one place of the name, can look the same.
  const isAlike =
    before.length === after.length &&
    differing.length < after.length &&
    differing.every((pair) => /\P{ASCII}/u.test(pair));
  const points = differing.slice(0, 3).map(([letter = ""]) => {
    const point = letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    return `${letter} is U+${point}`;
  });
  return `${quoted(from)} → ${quoted(to)}?${isAlike ? ` ${points.join(", ")}` : ""}`;
}

/** How many names are paired; a prompt with more changed names is a different prompt. */
const MAX_NAMES = 20;

/** Names inside a section have no place of their own. */
function namesOnlyIn(one: NamedTemplate, other: NamedTemplate): Set<string> {
  const others = new Set(other.variables);
  const names = one.variables.filter((name) => !others.has(name) && /^[\p{L}\p{N}_]+$/u.test(name));
  return new Set(names.length > MAX_NAMES ? [] : names);
}

const TAG = /\{\{[{&#^/]?[^\S\n]?([\p{L}\p{N}_]+)[^\S\n]?\}{2,3}/gu;

/** The lines that have each of some names, with its own place marked and the other names left out. */
function linesAround(
  content: PromptContent,
  names: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  const lines = texts.flatMap((text) => text.split("\n"));
  const around = (own: string) =>
    lines
      .filter((line) => line.includes(own))
      .map((line) =>
        line.replace(TAG, (tag, name) => (name === own ? "{{*}}" : names.has(name) ? "{{}}" : tag)),
      )
      .filter((line) => line.includes("{{*}}"));
  return new Map([...names].map((name) => [name, new Set(around(name))]));
}

/** Pairs that match, where neither half matches another. */
function clearPairs(
  gone: ReadonlySet<string>,
  added: ReadonlySet<string>,
  fits: (from: string, to: string) => boolean,
): readonly Rename[] {
  const pairs = [...added].flatMap((to) =>
    [...gone].filter((from) => fits(from, to)).map((from) => ({ from, to })),
  );
  return pairs.filter(
    (pair) => pairs.filter(({ from, to }) => from === pair.from || to === pair.to).length === 1,
  );
}
