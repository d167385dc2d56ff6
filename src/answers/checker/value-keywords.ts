import type { JsonValue } from "../../prompt.ts";
import type { SchemaChecks } from "./schema.ts";
import { addProblem, idOf, type Look, MAX_SHOWN, shownName, step, walk } from "./walk.ts";

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

/** Of decimals as they're written: 19.99 is a multiple of 0.01, and divided as JavaScript has them it's none. */
export function isMultiple(value: number, of: number): boolean {
  // Fifteen digits are exact: a number has them as they are written, or has more places than that.
  let scale = 1;
  while (scale < 1e22 && Math.round(of * scale) / scale !== of) scale *= 10;
  const wholes = Math.round(value * scale);
  const ofs = Math.round(of * scale);
  if (Math.abs(wholes) < 1e15 && ofs < 1e15 && ofs / scale === of)
    return wholes / scale === value && wholes % ofs === 0;
  step(100);
  const [one, other] = [exact(value), exact(of)];
  const least = Math.min(one.exponent, other.exponent);
  const whole = ({ digits, exponent }: typeof one) => BigInt(digits + "0".repeat(exponent - least));
  return whole(one) % whole(other) === BigInt(0);
}

function exact(number: number) {
  const [digits = "", exponent] = number.toExponential().split("e");
  const [whole, fraction = ""] = digits.split(".");
  return { digits: whole + fraction, exponent: Number(exponent) - fraction.length };
}

/** How many characters, a pair of surrogates being one; counted only where it could be on both sides of the bound. */
export function lengthOf(text: string, bound: number): number {
  if (text.length < bound || text.length > 2 * bound) return text.length;
  step(text.length >> 6);
  let length = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    length -= 1;
    at += 1;
  }
  return length;
}
