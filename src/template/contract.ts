import type { JsonObject, JsonValue, PromptType } from "../prompt.ts";
import { compareInputs } from "./compare-inputs.ts";
import type { ParameterType } from "./input-type.ts";
import { quoted } from "./quoted.ts";

/**
 * The kind of a metadata value. `any` is `null`, and a mixed array's `items`; an empty array's are `none`. Both go with
 * every other shape. Keys are sorted. Plain data.
 */
export type Shape =
  | { readonly kind: "any" | "none" | "string" | "number" | "boolean" }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "object"; readonly keys: readonly (readonly [key: string, shape: Shape])[] };

/** What call sites rely on: type and roles, the variables, and the shape of the metadata. */
export interface Contract {
  readonly type: PromptType;
  /** The roles of a chat prompt's messages, in order; `null` for a text prompt. */
  readonly roles: readonly string[] | null;
  /** In order of first use. Of a mustache prompt also the names inside sections, as paths: `items[].title`. */
  readonly variables: readonly string[];
  /** What the calls of a mustache prompt must give, and how each name is used; undefined for the `scope` syntax. */
  readonly input?: ParameterType | undefined;
  readonly metadata: Shape;
}

export interface ContractChange {
  readonly kind:
    | "type"
    | "roles"
    | "variable-added"
    /** A variable of a mustache prompt is used in another way. */
    | "variable-kind"
    | "variable-dropped"
    | "metadata-added"
    | "metadata-dropped"
    | "metadata-kind";
  /** A render or a read written against the old contract no longer works: the new version does not keep it. */
  readonly breaks: boolean;
  /** It is about metadata, which never breaks a build. */
  readonly metadata: boolean;
  /** Metadata gone or of another kind: a warning in a build. */
  readonly loses: boolean;
  /** In words: `new variable "plan"`. */
  readonly message: string;
}

/** The shape of a version's metadata, or of any JSON value. */
export function shapeOf(value: JsonValue): Shape {
  if (value === null) return { kind: "any" };
  if (Array.isArray(value)) return { kind: "array", items: commonShape(value.map(shapeOf)) };
  if (typeof value === "object") {
    const keys = Object.entries(value as JsonObject)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, shapeOf(item)] as const);
    return { kind: "object", keys };
  }
  return { kind: typeof value as "string" | "number" | "boolean" };
}

function commonShape([first, ...rest]: readonly Shape[]): Shape {
  if (first === undefined) return { kind: "none" };
  return rest.every((shape) => isSameShape(first, shape)) ? first : { kind: "any" };
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

/**
 * Every difference that call sites could notice, in a fixed order. Text is none of them.
 *
 * @example compareContracts(committed, fetched).map((change) => change.message) // ['new variable "plan"']
 */
export function compareContracts(from: Contract, to: Contract): readonly ContractChange[] {
  const changes: ContractChange[] = [];
  const add = (kind: ContractChange["kind"], breaks: boolean, message: string) =>
    changes.push({
      kind,
      breaks,
      metadata: kind.startsWith("metadata"),
      loses: kind === "metadata-dropped" || kind === "metadata-kind",
      message,
    });

  if (from.type !== to.type) add("type", true, `type changed from ${from.type} to ${to.type}`);
  else if (JSON.stringify(from.roles) !== JSON.stringify(to.roles))
    add("roles", true, `roles changed from ${rolesText(from)} to ${rolesText(to)}`);

  for (const change of compareInputs(inputOf(from), inputOf(to)))
    add(change.kind, change.breaks, change.message);

  const addMetadata = (kind: MetadataKind, message: string) => add(kind, false, message);
  compareShapes(from.metadata, to.metadata, "", addMetadata);
  return changes;
}

/** In the `scope` syntax every variable is a value. */
function inputOf({ variables, input }: Contract): ParameterType {
  const values = variables.map((name) => ({ name, type: { kind: "value" }, optional: false }) as const);
  return input ?? { type: { kind: "object", inputs: values }, levels: [] };
}

/** So many changes are told in one message; a version that changes hundreds of names needs no list of them. */
const MOST_TOLD = 10;

/**
 * Changes in words, in one line: all of them, or the first ten and how many more.
 *
 * @example changesText(changes) // 'new variable "plan", variable "tone" is gone'
 */
export function changesText(changes: readonly ContractChange[]): string {
  const told = changes.slice(0, MOST_TOLD).map((change) => change.message);
  const rest = changes.length - told.length;
  return `${told.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Does every render that was written against the old contract still work? Metadata is judged apart. */
export function keepsContract(changes: readonly ContractChange[]): boolean {
  return !changes.some((change) => change.breaks);
}

type MetadataKind = "metadata-added" | "metadata-dropped" | "metadata-kind";

function compareShapes(
  from: Shape,
  to: Shape,
  path: string,
  add: (kind: MetadataKind, message: string) => void,
): void {
  if (from.kind === "array" && to.kind === "array") {
    compareShapes(from.items, to.items, `${path}[]`, add);
  } else if (from.kind === "object" && to.kind === "object") {
    const inside = (key: string) => (path === "" ? key : `${path}.${key}`);
    const before = new Map(from.keys);
    const after = new Map(to.keys);
    for (const [key, shape] of before) {
      const now = after.get(key);
      if (now === undefined) add("metadata-dropped", `metadata ${quoted(inside(key))} is gone`);
      else compareShapes(shape, now, inside(key), add);
    }
    for (const key of after.keys())
      if (!before.has(key)) add("metadata-added", `new metadata ${quoted(inside(key))}`);
  } else if (from.kind !== to.kind && !goesWithAnything(from) && !goesWithAnything(to)) {
    add("metadata-kind", `metadata ${quoted(path)} changed from ${from.kind} to ${to.kind}`);
  }
}

function goesWithAnything(shape: Shape): boolean {
  return isUnknown(shape) || (shape.kind === "array" && isUnknown(shape.items));
}

function isUnknown({ kind }: Shape): boolean {
  return kind === "any" || kind === "none";
}

function rolesText(contract: Contract): string {
  const roles = (contract.roles ?? []).map((role) => (/^[\w-]+$/.test(role) ? role : quoted(role)));
  return `[${roles.join(", ")}]`;
}
