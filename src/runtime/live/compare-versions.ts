import type { ChatMessage, JsonObject } from "../../prompt.ts";
import type { LiveVersion } from "../live-types.ts";
import { splitTemplate } from "./split-template.ts";

/** What a version has to keep: the contract of `template/contract.ts`, in fewer bytes. */
export interface LiveContract {
  /** Type and roles. */
  readonly form: string;
  readonly variables: ReadonlySet<string>;
  readonly metadata: Shape;
}

/** The name of a kind, or what is inside. `null` is the shape of null and of a mixed array's items, 0 of an empty one's. */
type Shape = string | null | 0 | readonly [Shape] | { readonly [key: string]: Shape };

/** All of a version that can be served, as one text; the order of keys is left to chance by whoever wrote them. */
export function essence({
  versionId,
  versionNumber,
  content,
  metadata,
}: Omit<LiveVersion, "render">): string {
  return stableText([versionId, versionNumber, content, metadata]);
}

export function contractOf({ content, metadata }: Pick<LiveVersion, "content" | "metadata">): LiveContract {
  const isText = typeof content === "string";
  const messages: readonly Partial<ChatMessage>[] = isText ? [{ content }] : content;
  return {
    form: isText ? "text" : `chat ${JSON.stringify(messages.map(({ role }) => role))}`,
    variables: new Set(
      messages.flatMap((message) => splitTemplate(message.content as string).filter((_, at) => at % 2)),
    ),
    metadata: shapeOf(metadata),
  };
}

/**
 * What would break a render or a read that was written, and typed, for the old version; in words. Stricter than
 * `compareContracts` in metadata: no type checker stands between what is adopted and what reads it, so `null` does not
 * go with a text.
 */
export function breaches(from: LiveContract, to: LiveContract): readonly string[] {
  const told: string[] = [];
  if (from.form !== to.form) told.push(`type or roles changed from ${from.form} to ${to.form}`);
  for (const name of to.variables) if (!from.variables.has(name)) told.push(`new variable "${name}"`);
  compareShapes(from.metadata, to.metadata, "", told);
  return told;
}

function compareShapes(from: Shape, to: Shape, path: string, told: string[]): void {
  if (!from || to === 0) return;
  if (kindOf(from) !== kindOf(to)) {
    told.push(`metadata "${path}" changed from ${kindOf(from)} to ${kindOf(to)}`);
  } else if (typeof from === "object") {
    const now = to as { readonly [key: string]: Shape };
    for (const [key, shape] of Object.entries<Shape>(from as typeof now)) {
      const at = Array.isArray(from) ? `${path}[]` : path ? `${path}.${key}` : key;
      if (Object.hasOwn(now, key)) compareShapes(shape, now[key] as Shape, at, told);
      else told.push(`metadata "${at}" is gone`);
    }
  }
}

function kindOf(shape: Shape): string {
  if (Array.isArray(shape)) return "array";
  return Object(shape) === shape ? "object" : `${shape ?? "null or mixed"}`;
}

function shapeOf(metadata: JsonObject): Shape {
  // What is inside comes first: the items of an array are shapes already.
  return JSON.parse(stableText(metadata), (_, value) => {
    if (!Array.isArray(value)) return typeof value === "object" ? value : typeof value;
    const [first = 0, ...rest] = value;
    return [rest.every((shape) => JSON.stringify(shape) === JSON.stringify(first)) ? first : null];
  });
}

function stableText(given: unknown): string {
  return JSON.stringify(given, (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
