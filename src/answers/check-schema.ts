import { isObject, type JsonObject, type JsonValue } from "../prompt.ts";
import { IN_PLACE, KEYWORDS, OF_LIST, OF_MAP, OF_SCHEMA, OF_VALUE, REFUSED } from "./keywords.ts";
import { type Pattern, parsePattern, SchemaProblem } from "./parse-pattern.ts";

/** A larger one isn't a schema of an answer; OpenAI accepts 5,000 properties, 10 levels and 120,000 characters. */
const MAX_SCHEMAS = 6000;
const MAX_CHARACTERS = 500_000;
const MAX_PATTERNS = 100;
const MAX_PATTERN_LENGTH = 1000;
/** In JSON. */
export const MAX_LEVELS = 100;

type Path = readonly string[];

/**
 * Refuses a schema that is too large, refers outside, has no end, or has a keyword with an invalid value.
 *
 * @returns what its patterns mean, by their text; and where it has unknown keywords, which decide nothing
 * @throws SchemaProblem
 */
export function checkSchema(root: JsonObject): {
  readonly patterns: ReadonlyMap<string, Pattern>;
  readonly unknown: readonly Path[];
} {
  refuseBadNames(root, []);
  if (JSON.stringify(root).length > MAX_CHARACTERS)
    throw new SchemaProblem([], `it has more than ${MAX_CHARACTERS.toLocaleString("en")} characters`);
  refuseWrapper(root);
  const patterns = new Map<string, Pattern>();
  const unknown: Path[] = [];
  /** By schema: the schemas for the very same value. */
  const inPlace: InPlace = new Map();
  let schemas = 0;

  const checkPart = (schema: JsonValue | undefined, path: Path): void => {
    schemas += 1;
    if (schemas > MAX_SCHEMAS)
      throw new SchemaProblem(path, `it has more than ${MAX_SCHEMAS.toLocaleString("en")} schemas`);
    if (typeof schema === "boolean") return;
    if (!isObject(schema)) throw mustBe(path, "a schema: an object, true or false");
    inPlace.set(schema, []);
    for (const [key, value] of Object.entries(schema)) checkKeyword(schema, key, value, [...path, key]);
  };
  const checkKeyword = (schema: JsonObject, key: string, value: JsonValue, at: Path): void => {
    refuseKeyword(key, value, at);
    const add = (one: JsonValue) => {
      if (key === "$ref" || IN_PLACE.has(key)) inPlace.get(schema)?.push({ schema: one, path: at });
    };
    const part = (one: JsonValue, path: Path) => {
      add(one);
      checkPart(one, path);
    };
    if (OF_SCHEMA.has(key)) part(value, at);
    else if (OF_LIST.has(key)) {
      if (!Array.isArray(value) || value.length === 0) throw mustBe(at, "array with at least one schema");
      for (const [index, one] of value.entries()) part(one, [...at, String(index)]);
    } else if (OF_MAP.has(key)) {
      if (!isObject(value)) throw mustBe(at, "an object of schemas");
      for (const [name, one] of Object.entries(value)) part(one, [...at, name]);
    } else if (!IS_KEYWORD.has(key) && !key.startsWith("x-")) unknown.push(at);
    const [wanted, isRight] = OF_VALUE.get(key) ?? [];
    if (isRight?.(value) === false) throw mustBe(at, wanted as string);
    if (key === "required" || key === "dependentRequired")
      for (const [inner, names] of Object.entries(value as JsonObject))
        for (const name of [names].flat()) refuseProto(name as string, [...at, inner]);
    if (key === "$ref") add(refTarget(root, value as string, at));
    if (key === "pattern") addPattern(value as string, at);
    if (key === "patternProperties")
      for (const pattern of Object.keys(value as JsonObject)) addPattern(pattern, [...at, pattern]);
  };
  const addPattern = (text: string, path: Path): void => {
    if (patterns.has(text)) return;
    if (text.length > MAX_PATTERN_LENGTH || patterns.size === MAX_PATTERNS) {
      const most = `${MAX_PATTERNS} patterns, or one of more than ${MAX_PATTERN_LENGTH} characters`;
      throw new SchemaProblem(path, `it has more than ${most}`);
    }
    patterns.set(text, parsePattern(text, path));
  };
  checkPart(root, []);
  refuseEndless(inPlace);
  return { patterns, unknown };
}

type InPlace = Map<JsonValue, { schema: JsonValue; path: Path }[]>;

/** Refuses names that code or text can't contain. */
function refuseBadNames(value: JsonValue | undefined, path: Path): void {
  if (typeof value !== "object" || value === null) return;
  if (path.length >= MAX_LEVELS)
    throw new SchemaProblem(path, `it's nested more than ${MAX_LEVELS} levels deep`);
  for (const [key, item] of Object.entries(value as JsonObject)) {
    if (!key.isWellFormed()) throw new SchemaProblem(path, "a name in it contains half of a character");
    refuseProto(key, [...path, key]);
    refuseBadNames(item, [...path, key]);
  }
}

/** Code that sets it sets something else. */
function refuseProto(name: string, path: Path): void {
  if (name === "__proto__")
    throw new SchemaProblem(path, `a property can't be called "__proto__"`, "Choose another name.");
}

/** What OpenAI's `response_format` accepts, which would accept everything as a schema. */
function refuseWrapper(root: JsonObject): void {
  const key = ["schema", "json_schema"].find((name) => isObject(root[name]));
  if (key === undefined || Object.keys(root).some((name) => name !== "type" && IS_KEYWORD.has(name))) return;
  const inside = key === "schema" ? '"schema"' : '"json_schema.schema"';
  throw new SchemaProblem(
    [key],
    "it's a wrapper around a schema, as OpenAI's response_format has it",
    `Save what is under ${inside} instead; your code adds name and strict when it calls the model.`,
  );
}

/** Refuses what another draft, or a library of schemas, would be needed for. */
function refuseKeyword(key: string, value: JsonValue, at: Path): void {
  if (key === "$schema" && !/draft\/2020-12\/|draft-07\//.test(String(value)))
    throw new SchemaProblem(
      at,
      "it isn't of draft 2020-12 or draft-07",
      "Convert it, or leave out the $schema.",
    );
  if (key === "items" && Array.isArray(value))
    throw new SchemaProblem(at, "items is an array", "Use prefixItems, as in draft 2020-12.");
  if (Object.hasOwn(REFUSED, key)) throw new SchemaProblem(at, `${key} isn't supported`, REFUSED[key]);
  if (key === "$id" && at.length > 1)
    throw new SchemaProblem(at, "a schema inside another one has an $id", "Leave out the $id.");
}

/** Refuses a schema that can only check a value by first checking the same value against itself again. */
function refuseEndless(inPlace: InPlace): void {
  const state = new Map<JsonValue, "open" | "done">();
  const visit = (schema: JsonValue): void => {
    state.set(schema, "open");
    for (const { schema: part, path } of inPlace.get(schema) ?? []) {
      if (state.get(part) === "open") throw new SchemaProblem(path, "it refers to itself without end");
      if (!state.has(part)) visit(part);
    }
    state.set(schema, "done");
  };
  for (const schema of inPlace.keys()) if (!state.has(schema)) visit(schema);
}

function refTarget(root: JsonObject, ref: string, at: Path): JsonValue {
  const target = resolvePointer(root, ref);
  if (target === undefined || !isSchemaPlace(target.path))
    throw new SchemaProblem(
      at,
      `${JSON.stringify(ref)} leads to no schema inside this one`,
      'A $ref can name "#" or a place such as "#/$defs/name".',
    );
  return target.schema;
}

function mustBe(path: Path, wanted: string): SchemaProblem {
  return new SchemaProblem(path, `${path.at(-1) ?? "it"} must be ${wanted}`);
}

const IS_KEYWORD: ReadonlySet<string> = new Set([...KEYWORDS, ...Object.keys(REFUSED)]);

/** Does every key lead from a schema to a schema? */
function isSchemaPlace(path: Path): boolean {
  for (let at = 0; at < path.length; at++) {
    const key = path[at] as string;
    if (OF_LIST.has(key) || OF_MAP.has(key)) at += 1;
    else if (!OF_SCHEMA.has(key)) return false;
    if (at === path.length) return false;
  }
  return true;
}

/**
 * What a `$ref` inside its own schema points at: `#`, or `#/` and keys, escaped like a JSON pointer in a URL.
 *
 * @returns the keys that lead there, too; undefined for every other reference, and if nothing is there
 */
export function resolvePointer(
  root: JsonObject,
  ref: string,
): { readonly path: Path; readonly schema: JsonValue } | undefined {
  if (ref === "#") return { path: [], schema: root };
  if (!ref.startsWith("#/")) return undefined;
  const path: string[] = [];
  let at: JsonValue | undefined = root;
  for (const part of ref.slice("#/".length).split("/")) {
    const key = decoded(part)?.replaceAll("~1", "/").replaceAll("~0", "~");
    if (key === undefined || typeof at !== "object" || at === null || !Object.hasOwn(at, key))
      return undefined;
    path.push(key);
    at = (at as JsonObject)[key];
  }
  return at === undefined ? undefined : { path, schema: at };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
