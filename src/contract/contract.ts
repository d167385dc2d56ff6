import { oneLine, quoted } from "../errors/printable.ts";
import type { JsonObject, JsonValue, PromptType } from "../prompt.ts";
import type { CheckedMetadata } from "./check-metadata.ts";
import type { InputType } from "./input-type.ts";

/** What call sites rely on: type and roles, the variables, and the shape of the metadata. */
export interface Contract {
  readonly type: PromptType;
  /** The roles that `render` gives a chat prompt's messages, in order; `null` for a text prompt. */
  readonly roles: readonly string[] | null;
  /** In order of first use. For a mustache prompt also the names inside sections, as paths: `items[].title`. */
  readonly variables: readonly string[];
  /** What the calls of a mustache prompt must give, and how each name is used; undefined for the `scope` syntax. */
  readonly input?: InputType | undefined;
  /** What calls send whether or not the template uses it, as the prompt's entry says: sorted; undefined for none. */
  readonly provides?: readonly string[] | undefined;
  /** For each message, or for the text: it has nothing but white space, whatever it includes. */
  readonly blank?: readonly boolean[] | undefined;
  readonly metadata: Shape;
  /** What the project's own rule says about the metadata; undefined: it has none. */
  readonly chosen?: CheckedMetadata | undefined;
}

/** One difference between two versions of a prompt. */
export interface Change {
  readonly kind: ChangeKind;
  /** A call or a read written for the old version no longer works, or what it sends no longer arrives. */
  readonly breaks: boolean;
  /** In words: `new variable "plan"`. Safe to print. */
  readonly message: string;
  /** The variable that is new or gone: its name or path. */
  readonly variable?: string | undefined;
}

export type ChangeKind =
  /** It's another prompt, which has the name now. */
  | "prompt"
  /** It's the same prompt, which has another name now. */
  | "renamed"
  | "type"
  | "roles"
  | "variable-added"
  /** A variable of a mustache prompt is used in another way. */
  | "variable-kind"
  /** It's no longer printed (or tested): what calls send doesn't arrive. */
  | "variable-dropped"
  /** A text or a message is blank that wasn't. */
  | "content-empty"
  | "metadata-added"
  | "metadata-dropped"
  | "metadata-kind"
  | "metadata-value"
  /** The project's own rule for metadata doesn't accept it. */
  | "metadata-refused"
  | "text";

/** How much a change matters to the code, worst first. */
export const GRADES = ["missing", "breaking", "compatible", "renamed", "values", "text", "none"] as const;

/**
 * `missing`: the platform no longer has it. `breaking`: the contract is broken. `compatible`: the contract differs but
 * is kept. `renamed`: the platform has it under another name. `values`: metadata values differ. `text`: the text differs.
 */
export type Grade = (typeof GRADES)[number];

/** The worst of some grades; `none` if there are none. */
export function worstGrade<G extends Grade>(grades: readonly G[]): G | "none" {
  return GRADES.find((grade): grade is G => (grades as readonly Grade[]).includes(grade)) ?? "none";
}

/** How many changes are listed in one message. */
const MAX_LISTED = 10;

/**
 * Changes in words, in one line: all of them, or the first ten and how many more.
 *
 * @example changesText(changes) // 'new variable "plan", variable "tone" is gone'
 */
export function changesText(changes: readonly Change[]): string {
  const listed = changes.slice(0, MAX_LISTED).map(({ message }) => message);
  const rest = changes.length - listed.length;
  return `${listed.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Does every call and every read written for the old version still work, and what it sends arrive? */
export function keepsContract(changes: readonly Change[]): boolean {
  return !changes.some((change) => change.breaks);
}

/** Does something that calls send no longer arrive? */
export function isLoss({ kind, breaks }: Change): boolean {
  return breaks && kind === "variable-dropped";
}

/** Is the change one of metadata that only counts where code reads it? */
export function isOfMetadata({ kind }: Change): boolean {
  return kind.startsWith("metadata") && kind !== "metadata-refused";
}

/** What breaks if the ID of the prompt is another one, whatever the two contain. */
export const ANOTHER_PROMPT = "another prompt has this name now";

/**
 * Every difference between two contracts, in a fixed order.
 *
 * @param compareVariables how to compare the variables: the live client, whose size counts, only knows names
 */
export function contractChanges<C extends Omit<Contract, "input">>(
  from: C,
  to: C,
  compareVariables: (from: C, to: C) => readonly Change[],
): readonly Change[] {
  const changes: Change[] = [];
  const [before, after] = [rolesText(from.roles), rolesText(to.roles)];
  const add = (kind: ChangeKind, message: string) => changes.push({ kind, breaks: true, message });
  if (from.type !== to.type) add("type", `type changed from ${from.type} to ${to.type}`);
  else if (before !== after && to.roles?.length === 0) add("content-empty", "it has no messages now");
  else if (before !== after) add("roles", `roles changed from ${before} to ${after}`);
  else
    for (const [at, isBlank] of (to.blank ?? []).entries()) {
      if (!isBlank || from.blank?.[at] !== false) continue;
      const role = to.roles?.[at];
      add(
        "content-empty",
        `${role === undefined ? "the text" : `message ${at + 1} (${oneLine(role)})`} is empty now`,
      );
    }
  const provided: Change[] = [];
  for (const change of compareVariables(from, to)) {
    const { kind, variable = "" } = change;
    const state = kind === "variable-added" ? "used now" : "gone";
    const message = `variable ${quoted(variable)}, which every call provides, is ${state}`;
    if (to.provides?.includes(variable)) provided.push({ ...change, breaks: false, message });
    else changes.push(change);
  }
  for (const change of provided) changes.push(change);
  const { keys = [], refused = [] } = to.chosen ?? {};
  compareShapes(from.metadata, to.metadata, "", changes, true, keys);
  for (const { message } of refused) add("metadata-refused", message);
  return changes;
}

/** The change of a variable that calls have to send now. */
export function newVariable(variable: string): Change {
  return { kind: "variable-added", breaks: true, message: `new variable ${quoted(variable)}`, variable };
}

/** The change of a variable that no longer arrives. */
export function droppedVariable(variable: string, state = "gone"): Change {
  const message = `variable ${quoted(variable)} is ${state}`;
  return { kind: "variable-dropped", breaks: true, message, variable };
}

/** @param free keys whose changes don't break the contract */
function compareShapes(
  from: Shape,
  to: Shape,
  path: string,
  changes: Change[],
  breaks: boolean,
  free: readonly string[] = [],
): void {
  const [before, after] = [kindText(from), kindText(to)];
  if (before !== after) {
    const message = `metadata ${quoted(path)} changed from ${before} to ${after}`;
    changes.push({ kind: "metadata-kind", breaks, message });
  } else if (from.kind === "array") {
    compareShapes(from.items, (to as typeof from).items, `${path}[]`, changes, breaks);
  } else if (from.kind === "object") {
    const now = new Map((to as typeof from).keys);
    const inside = (key: string) => (path ? `${path}.${key}` : key);
    for (const [key, shape] of from.keys) {
      const other = now.get(key);
      const isBreak = breaks && !free.includes(key);
      if (other) compareShapes(shape, other, inside(key), changes, isBreak);
      else {
        const message = `metadata ${quoted(inside(key))} is gone`;
        changes.push({ kind: "metadata-dropped", breaks: isBreak, message });
      }
      now.delete(key);
    }
    for (const key of now.keys()) {
      const message = `new metadata ${quoted(inside(key))}`;
      changes.push({ kind: "metadata-added", breaks: false, message });
    }
  }
}

function rolesText(roles: Contract["roles"]): string {
  return `[${roles?.map((role) => (/^[\w-]+$/.test(role) ? role : quoted(role))).join(", ")}]`;
}

/**
 * The kind of a metadata value. An array whose items have the same shape has that shape as `items`; an array without
 * items has `empty`, and one whose items differ `mixed`. Keys are sorted. Plain data.
 */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "null" | "empty" | "mixed" }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "object"; readonly keys: readonly (readonly [key: string, shape: Shape])[] };

/** The shape of a JSON value. */
export function shapeOf(value: JsonValue): Shape {
  if (value === null) return { kind: "null" };
  if (Array.isArray(value)) return { kind: "array", items: commonShape(value.map(shapeOf)) };
  if (typeof value === "object") {
    const keys = Object.entries(value as JsonObject)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, shapeOf(item)] as const);
    return { kind: "object", keys };
  }
  return { kind: typeof value as "string" | "number" | "boolean" };
}

/** The kind in words: empty and mixed arrays are separate kinds. */
export function kindText(shape: Shape): string {
  const items = shape.kind === "array" && shape.items.kind;
  return items === "empty" || items === "mixed" ? `${items} array` : shape.kind;
}

function commonShape([first, ...rest]: readonly Shape[]): Shape {
  if (first === undefined) return { kind: "empty" };
  return rest.every((shape) => isSameShape(first, shape)) ? first : { kind: "mixed" };
}

function isSameShape(a: Shape, b: Shape): boolean {
  if (a.kind === "array" && b.kind === "array") return isSameShape(a.items, b.items);
  if (a.kind !== "object" || b.kind !== "object") return a.kind === b.kind;
  return (
    a.keys.length === b.keys.length &&
    a.keys.every(([key, shape], at) => {
      const [otherKey, other] = b.keys[at] as (typeof b.keys)[number];
      return key === otherKey && isSameShape(shape, other);
    })
  );
}
