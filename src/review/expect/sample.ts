import { ValidationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isObject, type PromptContent } from "../../prompt.ts";
import { tokensText, withCommas } from "../cost/prompt-cost.ts";
import { countTexts, type Tokenizer } from "../cost/tokenizer.ts";

interface Expectation {
  /** Texts that are in it. */
  readonly contains: readonly string[];
  /** Texts that aren't in it. */
  readonly notContains: readonly string[];
  /** The most tokens that it has. */
  readonly maxTokens: number | undefined;
  /** Regular expressions that find something in it, with the flag `u`. */
  readonly matches: readonly RegExp[];
}

export interface Sample {
  readonly name: string;
  /** What `render` is called with. */
  readonly values: unknown;
  readonly expectation: Expectation;
}

/**
 * Splits a sample into the values and what they're expected to give. `expect` says what must hold, next to the values; in a prompt
 * with a variable of that name it's a value, and `$expect` says it.
 *
 * @param variables the prompt's variables
 * @throws ValidationError `sample_invalid`: an unknown key of `expect`, or one of the wrong kind
 * @example readSample("short", { name: "Ada", expect: { contains: "Ada" } }, ["name"]).values // { name: "Ada" }
 */
export function readSample(name: string, data: unknown, variables: readonly string[]): Sample {
  const { values, expect } = splitSample(data, variables);
  return { name, expectation: readExpectation(name, expect), values };
}

/** A sample's values, apart from what says what must hold: by meaning, and as it's spelled in the sample. */
export function splitSample(data: unknown, variables: readonly string[]) {
  const asWritten: Record<string, unknown> = {};
  // A mustache prompt's sample can be a list or a text.
  if (!isObject(data)) return { values: data, asWritten };
  const values = { ...data };
  const take = (key: "expect") => {
    const taken = variables.includes(key) || !Object.hasOwn(values, key) ? `$${key}` : key;
    if (!Object.hasOwn(values, taken)) return undefined;
    asWritten[taken] = values[taken];
    delete values[taken];
    return asWritten[taken];
  };
  return { expect: take("expect"), values, asWritten };
}

const NOTHING: Expectation = { contains: [], notContains: [], maxTokens: undefined, matches: [] };
const KEYS = Object.keys(NOTHING);

function readExpectation(sample: string, value: unknown): Expectation {
  if (value === undefined) return NOTHING;
  if (!isObject(value)) throw invalid(sample, "expect must be an object", EXAMPLE);
  for (const key of Object.keys(value))
    if (!KEYS.includes(key))
      throw invalid(sample, `expect has an unknown key: ${key}`, didYouMean(key, KEYS, EXAMPLE));
  const { maxTokens } = value;
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && (maxTokens as number) > 0))
    throw invalid(sample, "expect.maxTokens must be a whole number above 0", EXAMPLE);
  return {
    contains: texts(sample, "contains", value.contains),
    notContains: texts(sample, "notContains", value.notContains),
    maxTokens: maxTokens as number | undefined,
    matches: texts(sample, "matches", value.matches).map((pattern) => regExp(sample, pattern)),
  };
}

/** One text, or a list of them. */
function texts(sample: string, key: string, value: unknown = []): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((one): one is string => typeof one === "string" && one !== "")) return list;
  throw invalid(sample, `expect.${key} must be a text or a list of texts`, EXAMPLE);
}

function regExp(sample: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    throw invalid(sample, `expect.matches isn't a regular expression: ${(error as Error).message}`, EXAMPLE);
  }
}

const EXAMPLE = 'It looks like this: "expect": { "contains": "Ada", "maxTokens": 400 }';

function invalid(sample: string, what: string, hint: string): ValidationError {
  return new ValidationError(`Sample "${sample}": ${what}.`, { code: "sample_invalid", hint });
}

/** Does a pattern find something in a text? Undefined: that takes too long. */
export type TestPattern = (pattern: RegExp, text: string) => Promise<boolean | undefined>;

/** What a rendering lacks, one sentence each. A chat prompt's messages are looked at as one text. */
export async function checkRendering(
  rendering: PromptContent,
  { contains, notContains, maxTokens, matches }: Expectation,
  loadTokenizer: () => Promise<Tokenizer>,
  test: TestPattern,
): Promise<readonly string[]> {
  const texts = typeof rendering === "string" ? [rendering] : rendering.map(({ content }) => content);
  const text = texts.join("\n\n");
  const failures = [
    ...contains.filter((one) => !text.includes(one)).map((one) => `doesn't contain ${shown(one)}`),
    ...notContains.filter((one) => text.includes(one)).map((one) => `contains ${shown(one)}`),
  ];
  for (const pattern of matches) {
    const isFound = await test(pattern, text);
    if (isFound === undefined) failures.push(`matching it with ${shown(pattern.source)} takes too long`);
    else if (!isFound) failures.push(`doesn't match ${shown(pattern.source)}`);
  }
  if (maxTokens === undefined) return failures;
  // A tokenizer is large: it's loaded when there are tokens to count.
  const count = countTexts(await loadTokenizer(), texts);
  if (count.tokens > maxTokens)
    failures.push(
      `has ${tokensText(count.tokens, count)} tokens; at most ${withCommas(maxTokens)} are expected`,
    );
  return failures;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
