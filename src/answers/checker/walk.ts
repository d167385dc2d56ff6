const MAX_PROBLEMS = 100;
/**
 * Whatever a value has a say in is paid for with {@link step}, at about 0.1 µs each: half a second. A schema that looks
 * at a value is one, and so are four fields that it may have, each level of the place of a problem, and a character of a
 * text for each part of a pattern; a name that is listed is two.
 */
const MAX_STEPS = 5e6;
/** From here on it's kept in mind what a schema said of a value; few answers take so many. */
const MANY_STEPS = 1e4;

/** Looks at a value, and reports what is wrong with it. */
export type Look = (value: unknown) => void;

/** A bit for each type of values: one function tells them all. 4 is a number with a fraction. */
export const TYPES = { string: 1, integer: 2, number: 2 | 4, boolean: 8, null: 16, array: 32, object: 64 };

export type TypeName = keyof typeof TYPES;

/** The bit of a value's type. */
export function typeOf(value: unknown): number {
  if (typeof value === "string") return 1;
  // JSON can't write 1e999 back.
  if (Number.isFinite(value)) return Number.isInteger(value) ? 2 : 4;
  if (typeof value === "boolean") return 8;
  if (typeof value !== "object") return 128;
  return value === null ? 16 : Array.isArray(value) ? 32 : 64;
}

/** A schema that can be run. All of them are made before the first is: one can hold itself. */
export interface Check {
  /** Bits of {@link TYPES}. */
  readonly types: number;
  /** For values of other types. */
  readonly message: string;
  /** What its keywords look at. */
  readonly look: Look | undefined;
}

/** Checks a value. It's one function for all schemas: calling one that each has takes as long as the check itself. */
export function run({ types, message, look }: Check, value: unknown): void {
  step();
  if ((types & typeOf(value)) === 0) addProblem(message);
  else if (look !== undefined) look(value);
}

export type Key = string | number;

/** What is wrong with an answer, and where. */
export interface AnswerProblem {
  readonly path: readonly Key[];
  readonly message: string;
}

/** A key, and the place inside: what alternatives report again isn't copied. */
interface Place {
  readonly key: Key;
  readonly inner?: Place | undefined;
}

export interface PlacedMessage {
  readonly message: string;
  readonly place: Place | undefined;
}

/** What is kept while an answer is checked. */
interface Walk {
  /** From a text, so that objects inherit nothing but what all do; those of classes may. */
  readonly isRead: boolean;
  steps: number;
  readonly found: PlacedMessage[];
  /** How many are enough. */
  limit: number;
  tried?: Map<Check, Map<unknown, readonly PlacedMessage[]>>;
  ids?: Map<unknown, number>;
  idsOfShapes?: Map<string, number>;
  allowed?: Map<readonly unknown[], Set<number>>;
}

/** Of the answer that is being checked. A getter of it could check another. */
export let walk: Walk;

/** Thrown to end a check that has found enough problems. */
const ENOUGH = {};
const NOTHING: readonly never[] = [];

/** @throws RangeError if the answer takes too long, or is nested too deep for the stack */
export function problemsIn(check: Check, value: unknown, isRead: boolean): readonly AnswerProblem[] {
  const around = walk;
  walk = { isRead, steps: 0, found: [], limit: MAX_PROBLEMS };
  try {
    runUntilEnough(check, value);
    if (walk.found.length === 0) return NOTHING;
    const problems = new Map<number, AnswerProblem>();
    for (const { message, place } of walk.found) {
      const path: Key[] = [];
      for (let at = place; at !== undefined; at = at.inner) path.push(at.key);
      problems.set(idOf([...path, message]), { path, message });
    }
    return [...problems.values()];
  } finally {
    walk = around;
  }
}

function runUntilEnough(check: Check, value: unknown): void {
  try {
    run(check, value);
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
}

export function step(count = 1): void {
  walk.steps += count;
  if (walk.steps > MAX_STEPS) throw new RangeError();
}

export function addProblem(message: string, place?: Place): void {
  step();
  if (walk.found.push({ message, place }) >= walk.limit) throw ENOUGH;
}

/** Runs a check on a field or an item. */
export function inside(key: Key, check: Check, value: unknown): void {
  const before = walk.found.length;
  try {
    run(check, value);
  } finally {
    if (walk.found.length > before) addKey(key, before);
  }
}

/** Adds a key to the places of what was found. Its variables would take stack at each level of an answer, and leave fewer. */
function addKey(key: Key, before: number): void {
  const { found } = walk;
  for (let at = before; at < found.length; at++) {
    step();
    const { message, place: inner } = found[at] as PlacedMessage;
    found[at] = { message, place: { key, inner } };
  }
}

/**
 * What is wrong where it may be, with places from here. A schema looks at a value once, so that the whole takes as long
 * as both together, however often references lead back to them.
 */
export function attempt(check: Check, value: unknown, most = MAX_PROBLEMS): readonly PlacedMessage[] {
  const memo = memoOf(check);
  const known = memo?.get(value);
  if (known !== undefined) {
    step();
    return known;
  }
  const { limit, found } = walk;
  const before = found.length;
  walk.limit = before + most;
  runUntilEnough(check, value);
  walk.limit = limit;
  const own = found.length === before ? NOTHING : found.splice(before);
  memo?.set(value, own);
  return own;
}

export function accepts(check: Check, value: unknown): boolean {
  return attempt(check, value, 1).length === 0;
}

/** Runs a check that is part of the same value, unless the value is known to fit. */
export function refer(check: Check, value: unknown): void {
  const memo = memoOf(check);
  if (memo?.get(value) === NOTHING) return;
  const before = walk.found.length;
  run(check, value);
  if (walk.found.length === before) memo?.set(value, NOTHING);
}

/** What is kept in mind of a check; undefined for the many answers that take few steps. */
function memoOf(check: Check): Map<unknown, readonly PlacedMessage[]> | undefined {
  if (walk.steps <= MANY_STEPS) return undefined;
  walk.tried ??= new Map();
  let memo = walk.tried.get(check);
  if (memo === undefined) {
    memo = new Map();
    walk.tried.set(check, memo);
  }
  return memo;
}

/** A number that equal values have, and no others. */
export function idOf(value: unknown): number {
  step(typeof value === "string" ? 1 + (value.length >> 10) : 1);
  walk.ids ??= new Map();
  const known = walk.ids.get(value);
  if (known !== undefined) return known;
  step(4);
  let id: number | undefined;
  if (typeof value === "object" && value !== null) {
    const shape = sameItemKey(value);
    walk.idsOfShapes ??= new Map();
    id = walk.idsOfShapes.get(shape);
    if (id === undefined) walk.idsOfShapes.set(shape, walk.ids.size);
  }
  id ??= walk.ids.size;
  walk.ids.set(value, id);
  return id;
}

function sameItemKey(value: object): string {
  if (Array.isArray(value)) return `[${value.map((item) => idOf(item))}]`;
  const names = keysOf(value) as string[];
  // To sort them.
  step(names.length * (32 - Math.clz32(names.length)));
  return `{${names.sort().map((name) => `${idOf(name)}:${idOf(value[name as keyof typeof value])}`)}}`;
}

/** The names of an object, the positions of an array. */
export function keysOf(value: object): Key[] {
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  // Of objects with many names this is slow.
  step(2 * keys.length);
  return keys;
}

/** How many of something a message lists. */
export const MAX_SHOWN = 10;
const MAX_CHARACTERS = 2000;

/** A path as code would write it: `$.items[0].city`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, name) => {
    if (typeof name === "number") return `${text}[${name}]`;
    const key = cut(name);
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, "$");
}

/** Names come from the model: they must not steer a terminal, nor be obeyed by a log. */
export function shownName(text: string): string {
  return cut(text)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd")
    .replace(/##([a-z]*\[)/gi, "## $1");
}

export function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
