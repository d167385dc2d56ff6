import type { Pattern } from "../parse-pattern.ts";
import { step } from "./walk.ts";

/** What matches texts with a pattern, by the pattern's own text. */
export type Patterns = (pattern: string) => Matcher;
export type Matcher = (text: string) => boolean;

type CharacterTest = (character: string) => boolean;
type PlaceTest = (before: string | undefined, after: string | undefined) => boolean;

/** What may come next: a character, or at once what comes after a place. */
type State = { metAt?: number } & (
  | { readonly is: CharacterTest; readonly next: State }
  | { readonly is?: undefined; readonly holds?: PlaceTest | undefined; readonly next: State[] }
);

const END: State = { next: [] };
/** Counts the places of all texts: a state is met once at each. */
let place = 0;

/**
 * How patterns are run: all that a text may still match is followed at once, character by character. An engine that
 * tries one way after the other takes a power of the length for some texts, and anybody who talks to the model can write
 * them.
 *
 * @param patterns by their text
 */
export function patternsOf(patterns: Readonly<Record<string, Pattern>>): Patterns {
  const starts = new Map<string, State>();
  return (text) => (value) => {
    let start = starts.get(text);
    if (start === undefined) {
      start = stateOf(patterns[text] as Pattern, END);
      starts.set(text, start);
    }
    return matches(start, value);
  };
}

function stateOf(pattern: Pattern, next: State): State {
  if (typeof pattern === "string")
    return Object.hasOwn(PLACES, pattern)
      ? { holds: PLACES[pattern], next: [next] }
      : { is: characterTest(pattern), next };
  if (pattern[0] === "times") return repeated(pattern, next);
  const [kind, ...parts] = pattern;
  if (kind === "all") return parts.reduceRight((then, part) => stateOf(part, then), next);
  // Those that are empty are all the same, which is gone through once.
  return { next: [...new Set(parts.map((part) => stateOf(part, next)))] };
}

function repeated(
  [, min, max, part]: Extract<Pattern, readonly ["times", ...unknown[]]>,
  next: State,
): State {
  let state = next;
  if (max === null) {
    const again: State = { next: [next] };
    again.next.push(stateOf(part, again));
    state = again;
  }
  for (let count = min; count < (max ?? 0); count++) state = { next: [next, stateOf(part, state)] };
  for (let count = 0; count < min; count++) state = stateOf(part, state);
  return state;
}

function matches(start: State, text: string): boolean {
  const isAnchored = start.is === undefined && start.holds === PLACES["^"];
  let open: State[] = [];
  let before: string | undefined;
  for (let at = 0; ; at += before.length) {
    const after = at < text.length ? String.fromCodePoint(text.codePointAt(at) as number) : undefined;
    if (at === 0 || !isAnchored) open.push(start);
    place += 1;
    const moved: State[] = [];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (state.metAt === place) continue;
      step();
      if (state === END) return true;
      state.metAt = place;
      if (state.is !== undefined) {
        if (after !== undefined && state.is(after)) moved.push(state.next);
      } else if (state.holds === undefined || state.holds(before, after)) open.push(...state.next);
    }
    if (after === undefined || (moved.length === 0 && isAnchored)) return false;
    open = moved;
    before = after;
  }
}

const isWord = (character = "") => /^\w$/.test(character);
const PLACES: Readonly<Record<string, PlaceTest>> = {
  "^": (before) => before === undefined,
  $: (_, after) => after === undefined,
  "\\b": (before, after) => isWord(before) !== isWord(after),
  "\\B": (before, after) => isWord(before) === isWord(after),
};

function characterTest(pattern: string): CharacterTest {
  if (!/^[.[\\]/.test(pattern)) return (character) => character === pattern;
  const one = new RegExp(`^${pattern}$`, "u");
  return (character) => one.test(character);
}
