import * as v from "valibot";
import { show } from "../../../client/connection/check-connection-value.ts";
import type { ConnectionOption } from "../../../client/connection/connection-schema.ts";
import { isObject } from "../../../prompt.ts";
import { ENCODINGS } from "../../../review/cost/tokenizer.ts";
import { RULE_IDS } from "../../../review/lint/rule-ids.ts";

/** The options that aren't connection options, as schemas; numbers are in {@link NUMBER_OPTIONS}. */

const text = v.pipe(
  v.string(({ input }) => `must be text, but is ${show(input)}`),
  v.nonEmpty("must not be empty"),
);
/** A name or ID that can be one path segment: not `.` or `..`, and encodable. */
const name = v.pipe(
  text,
  v.check(canBeName, ({ input }) => `can't be a prompt name or version ID: ${show(input)}`),
);
const bool = v.boolean(({ input }) => `must be true or false, but is ${show(input)}`);

/** Can a non-empty text be a prompt's name or a version's ID? */
export function canBeName(text: string): boolean {
  return text === "" || (text !== "." && text !== ".." && !/\p{Surrogate}/u.test(text));
}

function oneOf<const T extends readonly string[]>(values: T) {
  const quoted = values.map((value) => `"${value}"`);
  const list = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return v.picklist(values, ({ input }) => `must be ${list}, but is ${show(input)}`);
}

const label = oneOf(["production", "latest"]);
const syntax = oneOf(["scope", "mustache"]);
const clientBundle = oneOf(["allow", "warn", "error"]);

function object<const T extends v.ObjectEntries>(entries: T, wanted: string) {
  return v.looseObject(entries, ({ input }) => `must be ${wanted}, but is ${show(input)}`);
}

function number(min: number, max: number, kind: "a number" | "a whole number") {
  const isRight = (input: unknown) =>
    typeof input === "number" &&
    input >= min &&
    input <= max &&
    (kind === "a number" || Number.isInteger(input));
  return v.custom<number>(
    isRight,
    ({ input }) => `must be ${kind}, at least ${min} and at most ${max}, and is ${show(input)}`,
  );
}

const MAX_TOKENS = 10_000_000;
const MAX_GROWTH = 100;

/** Of all prompts, and of one of them. */
export const budget = object(
  {
    tokens: v.optional(number(1, MAX_TOKENS, "a whole number")),
    growth: v.optional(number(0, MAX_GROWTH, "a number")),
    prefix: v.optional(number(1, MAX_TOKENS, "a whole number")),
    severity: v.optional(oneOf(["warn", "error", "strict"])),
  },
  "an object such as { tokens: 4000 }",
);

/** A variable's type, as {@link promptEntry} has it under `variables`; checked separately, by name. */
export const variableType = v.lazy((input) =>
  Array.isArray(input)
    ? v.pipe(
        v.array(v.string(({ input }) => `must be text, but is ${show(input)}`)),
        v.nonEmpty("must have at least one text"),
      )
    : v.picklist(
        ["string", "number", "boolean", "bigint"],
        ({ input }) =>
          `must be a list of texts, "string", "number", "boolean" or "bigint", but is ${show(input)}`,
      ),
);

/** The keys are names that users choose, and a schema's own record wouldn't accept all of them. */
export const promptEntry = object(
  {
    prompt: v.optional(name),
    label: v.optional(label),
    version: v.optional(name),
    syntax: v.optional(syntax),
    live: v.optional(bool),
    variables: v.optional(v.any()),
    clientBundle: v.optional(clientBundle),
    budget: v.optional(budget),
  },
  "an object such as { prompt, label }",
);

export const promptName = name;

const live = object(
  {
    interval: v.optional(v.any()),
    productionInterval: v.optional(v.any()),
    maxRequestsPerSecond: v.optional(v.any()),
    write: v.optional(bool),
  },
  "an object or false",
);

const contract = object({ metadata: v.optional(oneOf(["error", "warn"])) }, "an object");

const fetchPolicy = oneOf(["auto", "always", "never"]);
const fetchByPhase = object(
  { dev: v.optional(fetchPolicy), build: v.optional(fetchPolicy) },
  "a policy or an object",
);

const tokens = object({ encoding: v.optional(oneOf(ENCODINGS)) }, "an object");
const severity = v.optional(oneOf(["off", "warn", "error"]));
const lint = object(
  Object.fromEntries(RULE_IDS.map((rule) => [rule, severity])),
  "an object of severities by rule",
);

const output = object({ metadataKey: v.optional(text) }, "an object or false");

export const ownOptions = object(
  {
    prompts: v.optional(v.any()),
    label: v.optional(label),
    include: v.optional(
      v.pipe(
        v.array(text, ({ input }) => `must be a list of patterns, but is ${show(input)}`),
        v.nonEmpty("must have at least one pattern"),
      ),
    ),
    syntax: v.optional(syntax),
    escape: v.optional(oneOf(["none", "html"])),
    snapshotDir: v.optional(text),
    dts: v.optional(
      v.lazy((input) =>
        input === false
          ? v.literal(false)
          : v.pipe(
              v.string(() => `must be a path or false, but is ${show(input)}`),
              // What is written ends in .d.ts: anybody can submit a config, and it must not name a repository's hooks.
              v.check(
                (path) =>
                  /\.d\.[cm]?ts$/.test(path) || !(path === "" || /\.(?:[cm]?[jt]sx?|json)$/.test(path)),
                `must be a folder or end with .d.ts, but is ${show(input)}`,
              ),
            ),
      ),
    ),
    fetch: v.optional(v.lazy((input) => (isObject(input) ? fetchByPhase : fetchPolicy))),
    onContractChange: v.optional(oneOf(["error", "warn", "keep"])),
    manifest: v.optional(bool),
    contract: v.optional(contract),
    output: v.optional(v.lazy((input) => (input === false ? v.literal(false) : output))),
    tokens: v.optional(tokens),
    budget: v.optional(budget),
    concurrency: v.optional(v.any()),
    clientBundle: v.optional(clientBundle),
    target: v.optional(oneOf(["server", "browser"])),
    lint: v.optional(lint),
    live: v.optional(v.lazy((input) => (input === false ? v.literal(false) : live))),
  },
  "an object",
);

/** The options that can be objects. */
export const NESTED_OPTIONS = { budget, contract, fetch: fetchByPhase, lint, live, output, tokens } as const;

/** Numbers with their limits, in the same table form as the connection's. */
export const NUMBER_OPTIONS = {
  concurrency: { kind: "count", default: 16, min: 1, max: 256 },
  "live.interval": { kind: "seconds", default: 5, min: 0, above: true, max: 3600 },
  "live.productionInterval": { kind: "seconds", default: 60, min: 0, above: true, max: 86_400 },
  "live.maxRequestsPerSecond": { kind: "count", default: 10, min: 1, max: 1000 },
} as const satisfies Record<string, ConnectionOption>;
