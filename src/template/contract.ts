import type { JsonObject, JsonValue, PromptType } from "../prompt.ts";

/**
 * The kind of a metadata value. `any` is `null`, and an array's `items` are `any` where it is empty or mixed: these
 * go with every other shape. Keys are sorted. Plain data, so that a live module can carry it.
 */
export type Shape =
  | { readonly kind: "any" | "string" | "number" | "boolean" }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "object"; readonly keys: readonly (readonly [key: string, shape: Shape])[] };

/** What call sites rely on: type and roles, the variables, and the shape of the metadata. */
export interface Contract {
  readonly type: PromptType;
  /** The roles of a chat prompt's messages, in order; `null` for a text prompt. */
  readonly roles: readonly string[] | null;
  /** In order of first use. Of a mustache prompt also the names inside sections, as paths: `items[].title`. */
  readonly variables: readonly string[];
  readonly metadata: Shape;
}

export interface ContractChange {
  readonly kind:
    | "type"
    | "roles"
    | "variable-added"
    | "variable-dropped"
    | "metadata-added"
    | "metadata-dropped"
    | "metadata-kind";
  /** A render or a read written against the old contract no longer works: the new version does not keep it. */
  readonly breaks: boolean;
  /** It is about metadata, which never breaks a build. */
  readonly metadata: boolean;
  /** Metadata gone or of another kind: a warning in a build, and reason enough for a live module to refuse. */
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

function commonShape(shapes: readonly Shape[]): Shape {
  const first = JSON.stringify(shapes[0]);
  const isCommon = shapes.every((shape) => JSON.stringify(shape) === first);
  return shapes[0] !== undefined && isCommon ? shapes[0] : { kind: "any" };
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

  const old = new Set(from.variables);
  const now = new Set(to.variables);
  for (const name of now) if (!old.has(name)) add("variable-added", true, `new variable "${name}"`);
  for (const name of old) if (!now.has(name)) add("variable-dropped", false, `variable "${name}" is gone`);

  compareShapes(from.metadata, to.metadata, "", (kind, message) => add(kind, false, message));
  return changes;
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

/** As {@link keepsContract}, metadata included: what a live module asks before it adopts a version. */
export function keepsWholeContract(changes: readonly ContractChange[]): boolean {
  return !changes.some((change) => change.breaks || change.loses);
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
    const before = new Map(from.keys);
    const after = new Map(to.keys);
    for (const [key, shape] of before) {
      const at = path === "" ? key : `${path}.${key}`;
      const now = after.get(key);
      if (now === undefined) add("metadata-dropped", `metadata "${at}" is gone`);
      else compareShapes(shape, now, at, add);
    }
    for (const key of after.keys())
      if (!before.has(key)) add("metadata-added", `new metadata "${path === "" ? key : `${path}.${key}`}"`);
  } else if (from.kind !== to.kind && !goesWithAnything(from) && !goesWithAnything(to)) {
    add("metadata-kind", `metadata "${path}" changed from ${from.kind} to ${to.kind}`);
  }
}

function goesWithAnything(shape: Shape): boolean {
  return shape.kind === "any" || (shape.kind === "array" && shape.items.kind === "any");
}

function rolesText(contract: Contract): string {
  return `[${(contract.roles ?? []).join(", ")}]`;
}
