import type { JsonValue } from "../../prompt.ts";
import type { SchemaChecks } from "./schema.ts";
import { addProblem, idOf, type Look, walk } from "./walk.ts";
import { MAX_SHOWN, shownName } from "./words.ts";

export function constant(only: JsonValue): Look {
  return oneOfValues([only], `must be ${JSON.stringify(only)}`);
}

export function enumeration(values: readonly JsonValue[]): Look {
  const isLong = values.length > MAX_SHOWN;
  const shown = isLong ? "the allowed values" : values.map((one) => JSON.stringify(one)).join(", ");
  return oneOfValues(values, `must be one of ${shown}`);
}

function oneOfValues(values: readonly unknown[], words: string): Look {
  const message = shownName(words);
  const simple = new Set(values.filter((one) => typeof one !== "object" || one === null));
  const others = values.filter((one) => !simple.has(one));
  // A text has to be hashed to be looked up, which takes longer than some comparisons.
  if (others.length === 0 && values.length <= MAX_SHOWN)
    return (value) => {
      if (!values.includes(value)) addProblem(message);
    };
  return (value) => {
    if (simple.has(value)) return;
    const mayBe = typeof value === "object" && value !== null && others.length > 0;
    if (!mayBe || !isOneOf(others, value)) addProblem(message);
  };
}

function isOneOf(others: readonly unknown[], value: object): boolean {
  walk.allowed ??= new Map();
  let ids = walk.allowed.get(others);
  if (ids === undefined) {
    ids = new Set(others.map((one) => idOf(one)));
    walk.allowed.set(others, ids);
  }
  return ids.has(idOf(value));
}

export function pattern(text: string, { patterns }: SchemaChecks): Look {
  const message = shownName(`must match pattern ${JSON.stringify(text)}`);
  const matches = patterns(text);
  return (value) => {
    if (typeof value === "string" && !matches(value)) addProblem(message);
  };
}

export function uniqueItems(isWanted: boolean): Look {
  return (value) => {
    if (!isWanted || !Array.isArray(value)) return;
    if (new Set(value.map((item) => idOf(item))).size < value.length)
      addProblem("must NOT have duplicate items");
  };
}
