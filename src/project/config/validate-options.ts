import {
  checkValue,
  type Problems,
  reportProblem,
  reportUnknown,
  reportWrong,
  show,
  type ValueOption,
} from "../../client/connection/check-value.ts";
import { type ConnectionOptions, connectionChecks } from "../../client/connection/connection.ts";
import { CREDENTIAL_PARTS } from "../../client/connection/credentials.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { canBeName, isObject, type MetadataRule, type VariableType } from "../../prompt.ts";
import type { PluginOptions } from "./options.ts";
import { isLabel } from "./specifier.ts";

/** Checks a value that's there, and returns what is used; `name` is as in code: `prompts["greeting-template"].label`. */
interface Check<T> {
  (value: unknown, name: string, problems: Problems): T;
  /** What is used if there's no value. */
  readonly fallback: T;
}
type Checks = Readonly<Record<string, Check<unknown>>>;

/** What belongs inside `credentials`. */
const MISPLACED: readonly (string | undefined)[] = CREDENTIAL_PARTS.flatMap(({ options }) => options);
/** What is used of an object of options. */
type Checked<T extends Checks> = { readonly [K in keyof T]: T[K]["fallback"] };

function check<T>(
  fallback: T,
  run: (value: unknown, name: string, problems: Problems) => T | undefined,
): Check<T> {
  const checked = (value: unknown, name: string, problems: Problems) => {
    const before = problems.errors.length;
    const used = run(value, name, problems);
    return used === undefined || problems.errors.length > before ? fallback : used;
  };
  return Object.assign(checked, { fallback });
}

const bool = (fallback: boolean) =>
  check(fallback, (value, name, problems) =>
    typeof value === "boolean" ? value : reportWrong(problems, name, "true or false", value),
  );

const string = check<string | undefined>(undefined, (value, name, problems) =>
  typeof value === "string" ? value : reportWrong(problems, name, "text", value),
);

const text = <T extends string | undefined>(fallback: T) =>
  check<string | T>(fallback, (value, name, problems) =>
    value === "" ? reportProblem(problems, `${name} must not be empty.`) : string(value, name, problems),
  );

const someText = text(undefined);

const promptName = check<string | undefined>(undefined, (value, name, problems) =>
  typeof value !== "string" || value === "" || canBeName(value)
    ? someText(value, name, problems)
    : reportProblem(problems, `${name} can't be a prompt name or version ID: ${show(value)}.`),
);

/** @param others what else can be there, for the message */
function choice<const T extends string, D extends T | undefined>(
  values: readonly T[],
  fallback: D,
  others = "",
  quote = (value: T) => `"${value}"`,
) {
  const quoted = values.map(quote);
  const wanted = `${others}${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return check<T | D>(fallback, (value, name, problems) => {
    const found = values.find((one) => one === value);
    const nearest = typeof value === "string" ? didYouMean(value, values, undefined) : undefined;
    return found ?? reportWrong(problems, name, wanted, value, nearest);
  });
}

function listOf<D>(what: string, item: Check<string | undefined>, fallback: D, atLeast = 1) {
  return check<readonly string[] | D>(fallback, (value, name, problems) => {
    if (!Array.isArray(value)) return reportWrong(problems, name, `a list of ${what}s`, value);
    if (value.length < atLeast) return reportProblem(problems, `${name} must have at least one ${what}.`);
    return value.map((one, index) => item(one, `${name}[${index}]`, problems) ?? "");
  });
}

/** A number with limits. */
function number<D extends number | undefined>(
  option: ValueOption & { readonly default: D },
): Check<number | D> & { readonly option: ValueOption } {
  const run = check<number | D>(
    option.default,
    (value, ...place) => checkValue(option, value, ...place) as number | undefined,
  );
  return Object.assign(run, { option });
}

/** An object of options. */
function object<const T extends Checks>(checks: T, wanted = "an object") {
  const fallback = Object.fromEntries(
    Object.entries(checks).map(([key, { fallback }]) => [key, fallback]),
  ) as Checked<T>;
  const run = check<Checked<T>>(fallback, (value, name, problems) =>
    isObject(value)
      ? { ...fallback, ...checkEach(checks, value, name, problems) }
      : reportWrong(problems, name, wanted, value),
  );
  return Object.assign(run, { checks });
}

/** The values that are there. */
function checkEach<T extends Checks>(
  checks: T,
  given: Readonly<Record<string, unknown>>,
  name: string,
  problems: Problems,
): Partial<Checked<T>> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const path = optionName(name, key);
    if (name === "" && MISPLACED.includes(key))
      reportProblem(problems, `"${key}" belongs inside "credentials".`, "Or set it in .env.local.");
    else if (!Object.hasOwn(checks, key)) reportUnknown(problems, key, Object.keys(checks), path);
    else if (value !== undefined) values[key] = checks[key]?.(value, path, problems);
  }
  return values as Partial<Checked<T>>;
}

/** @param name empty for the whole config */
function optionName(name: string, key: string): string {
  if (name === "") return key;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `${name}.${key}`
    : `${name}[${JSON.stringify(key)}]`;
}

function orFalse<T, C extends Check<T>>(inner: C & Check<T>) {
  const { fallback, ...rest } = inner;
  const run = check<C["fallback"] | false>(
    fallback,
    (value, ...place) => value !== false && inner(value, ...place),
  );
  return Object.assign(run, rest);
}

const budget = number({ kind: "count", default: undefined, min: 1, max: 10_000_000 });

const LABELS = ["production", "latest"] as const;
const SYNTAXES = ["scope", "mustache"] as const;
const CLIENT_BUNDLE = ["allow", "warn", "error"] as const;
export const FETCH_POLICIES = ["auto", "always", "never"] as const;

const variableKind = choice(["string", "number", "boolean", "bigint"], undefined, "a list of texts, ");
const variableTexts = listOf("text", string, undefined);

const variables = check<Readonly<Record<string, VariableType>>>({}, (value, name, problems) => {
  if (!isObject(value)) return reportWrong(problems, name, "an object by variable name", value);
  for (const [variable, type] of Object.entries(value))
    (Array.isArray(type) ? variableTexts : variableKind)(type, optionName(name, variable), problems);
  return value as Readonly<Record<string, VariableType>>;
});

const provides = check<readonly string[]>([], (value, name, problems) => {
  if (Array.isArray(value) && value.length === 0) return [];
  const names = variableTexts(value, name, problems) ?? [];
  const isName = (one: string) => /^[\p{L}\p{N}_]+$/u.test(one);
  if (names.every(isName)) return [...new Set(names)];
  const wrong = names.find((one) => !isName(one));
  return (
    reportWrong(problems, name, "a list of variable names: letters, digits and underscores", wrong) ?? []
  );
});

const metadataKind = choice(["string", "number", "boolean"], undefined, "a list of allowed values, ");

const metadata = check<MetadataRule | undefined>(undefined, (value, name, problems) => {
  if (!isObject(value)) return reportWrong(problems, name, "an object by metadata key", value);
  for (const [key, choice] of Object.entries(value)) {
    const path = optionName(name, key);
    if (!Array.isArray(choice)) metadataKind(choice, path, problems);
    else if (choice.length === 0) reportProblem(problems, `${path} must have at least one value.`);
    else if (!choice.every((one) => ["string", "number", "boolean"].includes(typeof one)))
      reportWrong(problems, path, "a list of texts, numbers, true and false", choice);
    if (Object.hasOwn(value, `${key}?`))
      reportProblem(problems, `${name} has both ${key} and ${key}?.`, "Keep the one that you need.");
  }
  return value as MetadataRule;
});

const promptOptions = object(
  {
    prompt: promptName,
    label: choice(LABELS, undefined),
    version: promptName,
    syntax: choice(SYNTAXES, undefined),
    live: bool(false),
    variables,
    provides,
    clientBundle: choice(CLIENT_BUNDLE, undefined),
    budget,
    metadata,
  },
  "an object such as { prompt, label }",
);

type CheckedPrompt = typeof promptOptions.fallback;

function promptEntry(value: unknown, name: string, problems: Problems): CheckedPrompt {
  const entry = promptOptions(value, name, problems);
  const { label, version, live } = Object(value);
  if (version === undefined) return entry;
  if (label !== undefined)
    reportProblem(problems, `${name} has both label and version.`, "Keep the one that you need.");
  if (isLabel(version))
    reportProblem(
      problems,
      `${name}.version is "${version}", which is a label, not a version ID.`,
      `Write label: "${version}"; in an import, ?label=${version}.`,
    );
  if (live === true)
    reportProblem(
      problems,
      `${name} is live and pinned to a version.`,
      "A version never changes: leave out one of the two.",
    );
  return entry;
}

/** The entries by key; a name in a list is one without options. */
const everyPrompt = check<ReadonlyMap<string, CheckedPrompt>>(new Map(), (value, name, problems) => {
  if (Array.isArray(value))
    return new Map(
      value.map((one, index) => [
        promptName(one, `${name}[${index}]`, problems) ?? "",
        promptOptions.fallback,
      ]),
    );
  if (!isObject(value)) return reportWrong(problems, name, "a list of names or a record of entries", value);
  const entries = Object.entries(value).map(([key, entry]): [string, CheckedPrompt] => {
    const path = optionName(name, key);
    if (key === "") reportProblem(problems, `${name} must not have an empty key.`);
    else if (!canBeName(key))
      reportProblem(problems, `The key ${path} can't be a prompt name: ${show(key)}.`);
    return [key, promptEntry(entry, path, problems)];
  });
  return new Map(entries);
});

const dts = check<string | false | undefined>(undefined, (value, name, problems) => {
  if (value === false) return value;
  if (typeof value !== "string") return reportWrong(problems, name, "a folder or false", value);
  const isFile = /\.(?:[cm]?[jt]sx?|json)$/.test(value);
  return value === "" || isFile ? reportWrong(problems, name, "a folder or false", value) : value;
});

const fetchPolicy = choice(FETCH_POLICIES, undefined);
const fetchByPhase = object({ dev: fetchPolicy, build: fetchPolicy });
const fetch = check(fetchByPhase.fallback, (value, ...place) => {
  if (isObject(value)) return fetchByPhase(value, ...place);
  const policy = fetchPolicy(value, ...place);
  return { dev: policy, build: policy };
});

const maxRequestsPerSecond = number({ kind: "count", default: 10, min: 1, max: 1000 });

/** Every option, with what is checked and used if it's left out. */
export const OPTIONS = object({
  prompts: Object.assign(everyPrompt, { checks: promptOptions.checks }),
  label: choice(LABELS, "production"),
  include: listOf("pattern", someText, ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"]),
  syntax: choice(SYNTAXES, "scope"),
  snapshotDir: text("scope"),
  dts,
  fetch,
  onContractChange: choice(["error", "warn", "keep"], undefined),
  manifest: bool(false),
  metadata,
  budget,
  concurrency: number({ kind: "count", default: 16, min: 1, max: 256 }),
  clientBundle: choice(CLIENT_BUNDLE, "warn"),
  target: choice(["server", "browser"], undefined),
  dev: orFalse(
    object(
      {
        interval: number({ kind: "seconds", default: 5, min: 0, above: true, max: 3600 }),
        maxRequestsPerSecond,
        label: choice(LABELS, undefined),
      },
      "an object or false",
    ),
  ),
  live: object({
    interval: number({ kind: "seconds", default: 60, min: 0, above: true, max: 86_400 }),
    maxRequestsPerSecond,
  }),
});

/** The options that are used, without the connection's. */
export type CheckedOptions = typeof OPTIONS.fallback;

/** The connection's options have defaults and types in `client/connection`. */
const CONNECTION: Checks = Object.fromEntries(
  Object.entries(connectionChecks()).map(([name, run]) => [name, check<unknown>(undefined, run)]),
);
const EVERYTHING = { ...OPTIONS.checks, ...CONNECTION };

/** What the plugin takes. */
const PLUGIN: Checks = {
  config: someText,
  clientBundle: choice(CLIENT_BUNDLE, undefined),
  target: choice(["server", "browser"], undefined),
};

/** Checks what the plugin was given, like {@link checkOptions}, and returns what is there, and right. */
export function checkPluginOptions(value: unknown, errors: ScopeError[]): PluginOptions {
  const problems = { errors };
  if (!isObject(value))
    return reportProblem(problems, `The plugin's options must be an object, but are ${show(value)}.`) ?? {};
  const names = Object.keys(PLUGIN);
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    if (Object.hasOwn(EVERYTHING, key))
      reportProblem(
        problems,
        `The plugin doesn't take "${key}": it belongs in the config file, which scope-gen reads too.`,
        `Move it to scope.config.ts. The plugin takes ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`,
      );
    else reportUnknown(problems, key, names, key, " in the plugin's options");
  }
  const known = Object.fromEntries(Object.entries(value).filter(([key]) => names.includes(key)));
  return checkEach(PLUGIN, known, "", problems);
}

/**
 * Checks everything that a config says: every unknown key, wrong type and value outside its limits.
 *
 * @param file the file it was written in
 * @param errors gets a ConfigurationError for each problem, with key, file and nearest right name
 * @returns what is there, and right
 */
export function checkOptions(
  value: unknown,
  file: string,
  errors: ScopeError[],
): { readonly own: Partial<CheckedOptions>; readonly connection: ConnectionOptions } {
  const problems = { file, errors };
  if (isObject(value)) {
    const { $schema: _, ...withoutSchema } = value;
    const given = file.endsWith(".json") ? withoutSchema : value;
    const entries = Object.entries(checkEach(EVERYTHING, given, "", problems));
    const of = (checks: Checks) =>
      Object.fromEntries(entries.filter(([name]) => Object.hasOwn(checks, name)));
    return { own: of(OPTIONS.checks), connection: of(CONNECTION) };
  }
  const hint = "Export it as default: export default defineConfig({ … })";
  reportWrong(problems, "The config", "an object", value, hint);
  return { own: {}, connection: {} };
}

/** The value of a flag or a variable. */
export function checkChoice<const T extends string>(
  allowed: readonly T[],
  name: string,
  text: string | undefined,
  errors: ScopeError[],
): T | undefined {
  return text === undefined ? text : choice(allowed, undefined, "", String)(text, name, { errors });
}
