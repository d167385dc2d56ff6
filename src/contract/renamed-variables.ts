import { nearestName } from "../errors/nearest-name.ts";
import type { PromptContent } from "../prompt.ts";
import { quoted } from "./quoted.ts";

/** A variable that seems to have a new name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** What this needs of a template: its text, and the names of its variables. */
export interface NamedTemplate {
  readonly content: PromptContent;
  readonly variables: readonly string[];
}

/**
 * The variables that were renamed, as far as the two templates show it: the same text surrounds a removed name and a
 * new one, or the two names are similar. A guess: it doesn't change a grade.
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
  const before = surroundings(from.content, gone);
  const after = surroundings(to.content, added);
  const byText = clearPairs(gone, added, (old, name) => {
    const known = before.get(old);
    return [...(after.get(name) ?? [])].some((place) => known?.has(place));
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
  return `${quoted(from)} → ${quoted(to)}?`;
}

/** How many names are paired; a prompt with more changed names is a different prompt. */
const MAX_NAMES = 50;

/** Names inside a section have no place of their own. */
function namesOnlyIn(one: NamedTemplate, other: NamedTemplate): Set<string> {
  const others = new Set(other.variables);
  const names = one.variables.filter((name) => !others.has(name) && /^[\p{L}\p{N}_]+$/u.test(name));
  return new Set(names.length > MAX_NAMES ? [] : names);
}

/** How many characters on each side of a tag identify its place. */
const WINDOW = 12;
/** Text on only one side identifies a place if it has this many letters and digits. */
const ENOUGH = 6;
const END = "\u0000";
/** Replaces every name that is only in one of the two templates. */
const CHANGED = "\u0001";

/** The places of some names, each as the text around it. */
function surroundings(
  content: PromptContent,
  names: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const whole = typeof content === "string" ? content : content.map((message) => message.content).join(END);
  const found: { readonly name: string; readonly at: number }[] = [];
  let text = END;
  let read = 0;
  for (const tag of whole.matchAll(/\{\{[{&#^/]?[^\S\n]?([\p{L}\p{N}_]+)[^\S\n]?\}{2,3}/gu)) {
    const name = tag[1] ?? "";
    if (!names.has(name)) continue;
    text += whole.slice(read, tag.index);
    found.push({ name, at: text.length });
    text += CHANGED;
    read = tag.index + tag[0].length;
  }
  text += whole.slice(read) + END;
  const places = new Map<string, Set<string>>();
  for (const { name, at } of found) {
    // Only from its own message, with the end that is near.
    const left = text.slice(Math.max(0, at - WINDOW), at);
    const right = text.slice(at + 1, at + 1 + WINDOW);
    const before = left.slice(Math.max(0, left.lastIndexOf(END)));
    const after = right.slice(0, right.indexOf(END) === -1 ? WINDOW : right.indexOf(END) + 1);
    const own = places.get(name) ?? new Set();
    places.set(name, own.add(JSON.stringify([before, after])));
    if (tells(before)) own.add(JSON.stringify([before]));
    if (tells(after)) own.add(JSON.stringify(["", after, ""]));
  }
  return places;
}

function tells(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= ENOUGH;
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
