import { resolvePointer } from "../../contract/output/resolve-pointer.ts";
import { isObject, type JsonObject, type JsonValue } from "../../prompt.ts";
import { IN_PLACE, OF_DEFINITIONS, OF_LIST, OF_MAP, OF_SCHEMA, OF_VALUE, REFUSED } from "./keywords.ts";
import { type InPlace, refuseEndless } from "./refuse-endless.ts";
import { SchemaProblem } from "./schema-problem.ts";
import { trackEvaluated } from "./track-evaluated.ts";

/** More is no schema of an answer; OpenAI takes 5,000 properties, 10 levels and 120,000 characters. */
const MOST_SCHEMAS = 6000;
const MOST_LEVELS = 64;
const MOST_CHARACTERS = 500_000;
const MOST_PATTERNS = 100;
const LONGEST_PATTERN = 1000;

/** What references begin with that are written anew. */
const REF = "#/$defs/";

/** A schema with nothing in it but what decides, and its references by names of ours. */
export interface ReadSchema {
  readonly schema: JsonObject;
  readonly patterns: readonly Pattern[];
  /** It has names that every object inherits, such as `constructor`. */
  readonly hasInheritedNames: boolean;
  /** Some schema in it says what holds for names or items that no other keyword evaluates. */
  readonly hasUnevaluated: boolean;
}

export interface Pattern {
  readonly text: string;
  readonly path: readonly string[];
}

type Path = readonly string[];

/**
 * Takes a schema down to the keywords that decide, and refuses what is too large, leads outside or has no end.
 * Whether the keywords have sensible values is not looked at.
 *
 * @throws SchemaProblem
 */
export function readSchema(root: JsonObject): ReadSchema {
  if (JSON.stringify(root).length > MOST_CHARACTERS)
    throw new SchemaProblem([], `it has more than ${MOST_CHARACTERS.toLocaleString("en")} characters`);
  return new SchemaReader(root).read();
}

class SchemaReader {
  readonly #root: JsonObject;
  readonly #patterns: Pattern[] = [];
  /** What a `$ref` names, by its place. */
  readonly #targets = new Map<string, { readonly ref: string; readonly path: Path }>();
  readonly #inPlace: InPlace = new Map();
  readonly #hasUnevaluated: boolean;
  #schemas = 0;
  #hasInheritedNames = false;

  constructor(root: JsonObject) {
    this.#root = root;
    this.#hasUnevaluated = JSON.stringify(root).includes('"unevaluated');
  }

  read(): ReadSchema {
    this.#readNames(this.#root, []);
    const schema = this.#read(this.#root, []) as Record<string, JsonValue>;
    const byRef = new Map<JsonValue, JsonValue>([["#", schema]]);
    // Targets may name others: the map grows while it is read.
    for (const { ref, path } of this.#targets.values())
      byRef.set(ref, this.#read(valueAt(this.#root, path), path));
    refuseEndless(this.#inPlace, byRef);
    const definitions = [...byRef]
      .slice(1)
      .map(([ref, one]) => [String(ref).slice(REF.length), one] as const);
    if (definitions.length > 0) schema.$defs = Object.fromEntries(definitions);
    return {
      schema,
      patterns: this.#patterns,
      hasInheritedNames: this.#hasInheritedNames,
      hasUnevaluated: this.#hasUnevaluated,
    };
  }

  /** Refuses names that code or text cannot hold. A text may be a name: `required` has some. */
  #readNames(value: JsonValue | undefined, path: Path): void {
    if (typeof value === "string") this.#readName(value, path);
    if (typeof value !== "object" || value === null) return;
    if (path.length > 2 * MOST_LEVELS)
      throw new SchemaProblem(path, `it is nested more than ${MOST_LEVELS} levels deep`);
    for (const [key, item] of Object.entries(value as JsonObject)) {
      if (!key.isWellFormed()) throw new SchemaProblem(path, "a name in it holds half of a character");
      this.#readName(key, [...path, key]);
      this.#readNames(item, [...path, key]);
    }
  }

  #readName(name: string, path: Path): void {
    // Where code sets it, it sets something else.
    if (name === "__proto__")
      throw new SchemaProblem(path, 'a property cannot be called "__proto__"', "Choose another name.");
    if (name in Object.prototype) this.#hasInheritedNames = true;
  }

  #read(schema: JsonValue | undefined, path: Path): JsonValue {
    this.#schemas += 1;
    if (this.#schemas > MOST_SCHEMAS)
      throw new SchemaProblem(path, `it has more than ${MOST_SCHEMAS.toLocaleString("en")} schemas`);
    // What is neither is refused by the schema of schemas, with its place.
    if (!isJsonObject(schema)) return schema ?? true;
    const read: Record<string, JsonValue> = {};
    const inPlace: { schema: JsonValue; path: Path }[] = [];
    for (const [key, value] of Object.entries(schema)) {
      const at = [...path, key];
      this.#check(key, value, at);
      const one =
        key === "$ref" && typeof value === "string"
          ? this.#reference(value, at)
          : this.#value(key, value, at);
      if (one === undefined) continue;
      read[key] = one;
      if (key === "$ref" || IN_PLACE.has(key))
        inPlace.push(...schemasIn(key, one).map((part) => ({ schema: part, path: at })));
    }
    this.#inPlace.set(read, inPlace);
    if (this.#hasUnevaluated) trackEvaluated(read);
    return read;
  }

  #value(key: string, value: JsonValue, at: Path): JsonValue | undefined {
    if (OF_VALUE.has(key)) return value;
    if (OF_SCHEMA.has(key)) return this.#read(value, at);
    if (OF_LIST.has(key) && Array.isArray(value))
      return value.map((one, index) => this.#read(one, [...at, String(index)]));
    if (OF_MAP.has(key) && isJsonObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, this.#read(one, [...at, name])]),
      );
    return undefined;
  }

  #check(key: string, value: JsonValue, at: Path): void {
    if (REFUSED.has(key))
      throw new SchemaProblem(at, `${key} is not supported`, 'Use $ref, such as "#/$defs/name".');
    if (key === "$id" && at.length > 1)
      throw new SchemaProblem(at, "a schema inside another one has an $id", "Leave out the $id.");
    if (key === "$schema" && !String(value).includes("draft/2020-12/"))
      throw new SchemaProblem(
        at,
        "it is not of draft 2020-12",
        "Convert it, or leave out the $schema if it is.",
      );
    if (key === "pattern" && typeof value === "string") this.#addPattern(value, at);
    if (key === "patternProperties" && isJsonObject(value))
      for (const pattern of Object.keys(value)) this.#addPattern(pattern, [...at, pattern]);
  }

  #addPattern(text: string, path: Path): void {
    if (text.length > LONGEST_PATTERN || this.#patterns.length === MOST_PATTERNS) {
      const most = `${MOST_PATTERNS} patterns, or one of more than ${LONGEST_PATTERN} characters`;
      throw new SchemaProblem(path, `it has more than ${most}`);
    }
    this.#patterns.push({ text, path });
  }

  #reference(ref: string, at: Path): string {
    const path = resolvePointer(this.#root, ref)?.path;
    if (path === undefined || !isSchemaPlace(path))
      throw new SchemaProblem(
        at,
        `${JSON.stringify(ref)} leads to no schema inside this one`,
        'A $ref may name "#" or a place such as "#/$defs/name".',
      );
    if (path.length === 0) return "#";
    const key = JSON.stringify(path);
    const target = this.#targets.get(key) ?? { ref: `${REF}d${this.#targets.size}`, path };
    this.#targets.set(key, target);
    return target.ref;
  }
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function schemasIn(key: string, value: JsonValue): readonly JsonValue[] {
  if (OF_LIST.has(key)) return value as readonly JsonValue[];
  return OF_MAP.has(key) ? Object.values(value as JsonObject) : [value];
}

function valueAt(root: JsonObject, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((at, key) => (at as JsonObject | undefined)?.[key], root);
}

/** Does every key lead from a schema to a schema? */
function isSchemaPlace(path: Path): boolean {
  for (let at = 0; at < path.length; at++) {
    const key = path[at] as string;
    if (OF_LIST.has(key) || OF_MAP.has(key) || OF_DEFINITIONS.has(key)) at += 1;
    else if (!OF_SCHEMA.has(key)) return false;
    if (at === path.length) return false;
  }
  return true;
}
