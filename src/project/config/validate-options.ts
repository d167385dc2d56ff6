import { canBeName } from "../../client/check-ref.ts";
import { checkValue, invalid, show } from "../../client/connection/check-connection-value.ts";
import { checkRoles } from "../../client/connection/connection.ts";
import { CONNECTION_OPTIONS, type ConnectionOption } from "../../client/connection/connection-schema.ts";
import { checkCredentials } from "../../client/connection/credentials.ts";
import type { CredentialsSource } from "../../client/connection/credentials-source.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isScopeError, locate, type ScopeError } from "../../errors/scope-error.ts";
import { ScopeErrors } from "../../errors/scope-errors.ts";
import { isObject } from "../../prompt.ts";
import { ENCODINGS } from "../../review/cost/tokenizer.ts";
import { RULE_IDS } from "../../review/lint/rule-ids.ts";
import type { Options } from "./options.ts";
import { isLabel } from "./specifier.ts";

/** Checks a value; `name` is its option as you'd write it in code: `prompts["greeting-template"].label`. */
type Check = (name: string, value: unknown, problems: Problems) => void;
type Checks = Readonly<Record<string, Check>>;

/** Numbers with their limits, in the same table form as the connection's. */
export const NUMBER_OPTIONS = {
  concurrency: { kind: "count", default: 16, min: 1, max: 256 },
  "live.interval": { kind: "seconds", default: 5, min: 0, above: true, max: 3600 },
  "live.productionInterval": { kind: "seconds", default: 60, min: 0, above: true, max: 86_400 },
  "live.maxRequestsPerSecond": { kind: "count", default: 10, min: 1, max: 1000 },
} as const satisfies Record<string, ConnectionOption>;

const bool: Check = (name, value, problems) => {
  if (typeof value !== "boolean") wrong(problems, name, "true or false", value);
};

const string: Check = (name, value, problems) => {
  if (typeof value !== "string") wrong(problems, name, "text", value);
};

const text: Check = (name, value, problems) => {
  if (value === "") problem(problems, `${name} must not be empty.`);
  else string(name, value, problems);
};

const promptName: Check = (name, value, problems) => {
  if (typeof value !== "string" || value === "") text(name, value, problems);
  else if (!canBeName(value))
    problem(problems, `${name} can't be a prompt name or version ID: ${show(value)}.`);
};

/** @param others what else can be there, for the message */
function oneOf(values: readonly string[], others = ""): Check {
  const quoted = values.map((value) => `"${value}"`);
  const wanted = `${others}${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return (name, value, problems) => {
    if (typeof value !== "string") wrong(problems, name, wanted, value);
    else if (!values.includes(value))
      wrong(problems, name, wanted, value, didYouMean(value, values, undefined));
  };
}

function listOf(what: string, item: Check): Check {
  return (name, value, problems) => {
    if (!Array.isArray(value)) wrong(problems, name, `a list of ${what}s`, value);
    else if (value.length === 0) problem(problems, `${name} must have at least one ${what}.`);
    else for (const [index, one] of value.entries()) item(`${name}[${index}]`, one, problems);
  };
}

/** An option of a table. */
function inTable(option: ConnectionOption): Check {
  return (name, value, problems) => attempt(problems, () => checkValue(name, option, value));
}

/**
 * An object of options. Its name is empty for the whole config.
 *
 * @param removed keys that it had once, each with what to do instead
 */
function object<const T extends Checks>(
  checks: T,
  wanted = "an object",
  removed: Readonly<Record<string, string>> = {},
): Check & { readonly checks: T } {
  const known = Object.keys(checks);
  const check: Check = (name, value, problems) => {
    if (!isObject(value)) return wrong(problems, name, wanted, value);
    for (const [key, inner] of Object.entries(value)) {
      const path = pathOf(name, key);
      if (Object.hasOwn(removed, key)) {
        problem(problems, `The option "${path}" was removed.`, removed[key]);
      } else if (!known.includes(key)) {
        problem(
          problems,
          `Unknown option "${path}"${problems.file === undefined ? " in the plugin's options" : ""}.`,
          didYouMean(key, known, `The options are ${known.toSorted().join(", ")}.`),
        );
      } else if (inner !== undefined) checks[key]?.(path, inner, problems);
    }
  };
  return Object.assign(check, { checks });
}

function pathOf(name: string, key: string): string {
  if (name === "") return key;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `${name}.${key}`
    : `${name}[${JSON.stringify(key)}]`;
}

/** Of all prompts, and of one of them. */
const budget = object(
  {
    tokens: inTable({ kind: "count", default: 0, min: 1, max: 10_000_000 }),
    severity: oneOf(["warn", "error"]),
  },
  "an object such as { tokens: 4000 }",
  {
    growth: "Delete it. check and diff show how many tokens a version adds.",
    prefix: "Delete it. scope-gen list --tokens shows the cacheable prefix, and lint has prompt-cache-order.",
  },
);

const label = oneOf(["production", "latest"]);
const syntax = oneOf(["scope", "mustache"]);
const clientBundle = oneOf(["allow", "warn", "error"]);

const variableKind = oneOf(["string", "number", "boolean", "bigint"], "a list of texts, ");
const variableTexts = listOf("text", string);

const variables: Check = (name, value, problems) => {
  if (!isObject(value)) return wrong(problems, name, "an object by variable name", value);
  for (const [variable, type] of Object.entries(value))
    (Array.isArray(type) ? variableTexts : variableKind)(pathOf(name, variable), type, problems);
};

const promptOptions = object(
  {
    prompt: promptName,
    label,
    version: promptName,
    syntax,
    live: bool,
    variables,
    clientBundle,
    budget: orFalse(budget),
  },
  "an object such as { prompt, label }",
);

const promptEntry: Check = (name, value, problems) => {
  promptOptions(name, value, problems);
  const { label, version, live } = Object(value);
  if (version === undefined) return;
  if (label !== undefined)
    problem(problems, `${name} has both label and version.`, "Keep the one that you need.");
  if (isLabel(version))
    problem(
      problems,
      `${name}.version is "${version}", which is a label, not a version ID.`,
      `Write label: "${version}"; in an import, ?label=${version}.`,
    );
  if (live === true)
    problem(
      problems,
      `${name} is live and pinned to a version.`,
      "A version never changes: leave out one of the two.",
    );
};

const prompts: Check = (name, value, problems) => {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) promptName(`${name}[${index}]`, one, problems);
  } else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const path = pathOf(name, key);
      if (key === "") problem(problems, `${name} must not have an empty key.`);
      else if (!canBeName(key)) problem(problems, `The key ${path} can't be a prompt name: ${show(key)}.`);
      promptEntry(path, entry, problems);
    }
  } else wrong(problems, name, "a list of names or a record of entries", value);
};

const dts: Check = (name, value, problems) => {
  if (value === false) return;
  if (typeof value !== "string") return wrong(problems, name, "a path or false", value);
  // What is written ends in .d.ts: anybody can submit a config, and it must not name a repository's hooks.
  const isCode = /\.(?:[cm]?[jt]sx?|json)$/.test(value) && !/\.d\.[cm]?ts$/.test(value);
  if (value === "" || isCode) wrong(problems, name, "a folder or end with .d.ts", value);
};

const fetchPolicy = oneOf(["auto", "always", "never"]);
const fetchByPhase = object({ dev: fetchPolicy, build: fetchPolicy });

const severity = oneOf(["off", "warn", "error"]);

/** The options that are objects of options, but not those of credentials; docs/config.md has a heading for each of theirs. */
export const GROUPS = {
  "prompts.*": promptOptions,
  contract: object({ metadata: oneOf(["error", "warn"]) }),
  output: object({ metadataKey: text }, "an object or false"),
  tokens: object({ encoding: oneOf(ENCODINGS) }),
  live: object(
    {
      interval: inTable(NUMBER_OPTIONS["live.interval"]),
      productionInterval: inTable(NUMBER_OPTIONS["live.productionInterval"]),
      maxRequestsPerSecond: inTable(NUMBER_OPTIONS["live.maxRequestsPerSecond"]),
      write: bool,
      label,
    },
    "an object or false",
  ),
};

function orFalse(check: Check): Check {
  return (name, value, problems) => {
    if (value !== false) check(name, value, problems);
  };
}

/** Rules of earlier versions, and what to do instead. */
const REMOVED_RULES = {
  "prompt-constant-variable": "Delete it. scope-gen ui shows every call of a prompt.",
  "prompt-placeholder": "Delete it. Say in a sample what a rendering must not contain: scope-gen test",
  "prompt-draft-pin":
    "Delete it. A pinned version is built as committed; scope-gen check says if the platform has another text.",
  "prompt-no-model": "Delete it. The type checker refuses metadata.model where a version has none.",
  "prompt-json-without-schema": "Delete it. A version with a schema for its answers exports output.",
  "prompt-schema-unmentioned": "Delete it. The schema's descriptions reach the model.",
};

/** Every option, the connection's among them. */
export const everyOption = object({
  prompts,
  label,
  include: listOf("pattern", text),
  syntax,
  escape: oneOf(["none", "html"]),
  snapshotDir: text,
  dts,
  fetch: (name, value, problems) => (isObject(value) ? fetchByPhase : fetchPolicy)(name, value, problems),
  onContractChange: oneOf(["error", "warn", "keep"]),
  manifest: bool,
  contract: GROUPS.contract,
  output: orFalse(GROUPS.output),
  tokens: GROUPS.tokens,
  budget,
  concurrency: inTable(NUMBER_OPTIONS.concurrency),
  clientBundle,
  target: oneOf(["server", "browser"]),
  lint: object(
    Object.fromEntries(RULE_IDS.map((rule) => [rule, severity])),
    "an object of severities by rule",
    REMOVED_RULES,
  ),
  live: orFalse(GROUPS.live),
  credentials: (_, value, problems) => attempt(problems, () => checkCredentials(value as CredentialsSource)),
  // Checked when it's used: it's an object of the process.
  cacheStore: () => {},
  roles: (_, value, problems) => attempt(problems, () => checkRoles(value)),
  ...Object.fromEntries(Object.entries(CONNECTION_OPTIONS).map(([name, option]) => [name, inTable(option)])),
});

/**
 * Checks everything that a user wrote: every unknown key, wrong type and value outside its limits.
 *
 * @param file the file it was written in; undefined for the plugin's options
 * @throws ConfigurationError for one problem, ScopeErrors for several; each names key, file and nearest right name
 */
export function validateOptions(value: unknown, file: string | undefined): Options {
  const problems: Problems = { file, errors: [] };
  if (isObject(value)) {
    const { $schema: _, ...withoutSchema } = value;
    everyOption("", file?.endsWith(".json") ? withoutSchema : value, problems);
  } else if (file === undefined) {
    problem(problems, `The plugin's options must be an object, but are ${show(value)}.`);
  } else
    wrong(
      problems,
      "The config",
      "an object",
      value,
      "Export it as default: export default defineConfig({ … })",
    );
  const [first, ...others] = problems.errors;
  if (first === undefined) return value as Options;
  if (others.length === 0) throw first;
  throw new ScopeErrors(`${problems.errors.length} options can't be used.`, {
    code: "several_errors",
    errors: problems.errors,
  });
}

/** What is wrong with one set of options, so that all of it can be reported at once. */
interface Problems {
  /** The file they were written in; undefined for the plugin's options. */
  readonly file: string | undefined;
  readonly errors: ScopeError[];
}

function add({ errors, file }: Problems, error: ScopeError): void {
  errors.push(file === undefined ? error : locate(error, { file }));
}

function problem(problems: Problems, message: string, hint?: string): void {
  add(problems, invalid(message, hint));
}

function wrong(problems: Problems, name: string, wanted: string, value: unknown, hint?: string): void {
  problem(problems, `${name} must be ${wanted}, but is ${show(value)}.`, hint);
}

/** Adds the error that a check throws. */
function attempt(problems: Problems, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!isScopeError(error)) throw error;
    add(problems, error);
  }
}
