import * as v from "valibot";
import { checkValue, show } from "../../../client/connection/check-connection-value.ts";
import { checkRoles } from "../../../client/connection/connection.ts";
import {
  CONNECTION_OPTION_NAMES,
  CONNECTION_OPTIONS,
  type ConnectionOption,
} from "../../../client/connection/connection-schema.ts";
import { checkCredentials } from "../../../client/connection/credentials.ts";
import { ConfigurationError } from "../../../errors/classes.ts";
import { didYouMean } from "../../../errors/nearest-name.ts";
import { ScopeError } from "../../../errors/scope-error.ts";
import { ScopeErrors } from "../../../errors/scope-errors.ts";
import { isObject } from "../../../prompt.ts";
import type { Options } from "../options.ts";
import { isLabel } from "../specifier.ts";
import {
  budget,
  canBeName,
  NESTED_OPTIONS,
  NUMBER_OPTIONS,
  ownOptions,
  promptEntry,
  promptName,
  variableType,
} from "./options-schema.ts";

type Path = readonly (string | number)[];

/** Collects what is wrong with one set of options, so that all of it can be reported at once. */
class Problems {
  readonly errors: ScopeError[] = [];
  readonly file: string | undefined;

  constructor(file: string | undefined) {
    this.file = file;
  }

  add(message: string, hint?: string): void {
    this.errors.push(
      new ConfigurationError(message, {
        code: "config_invalid",
        hint,
        where: this.file === undefined ? undefined : { file: this.file },
      }),
    );
  }

  attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof ScopeError)) throw error;
      this.errors.push(error);
    }
  }

  /** Every issue of a schema, with the option's path before it. */
  check(schema: v.GenericSchema, value: unknown, path: Path): void {
    for (const issue of v.safeParse(schema, value).issues ?? []) {
      const full = [...path, ...(issue.path ?? []).map((item) => item.key as string | number)];
      this.add(`${pathText(full)} ${issue.message}.`, nearestHint(issue.input, issue.expected));
    }
  }

  unknownKeys(value: object, known: readonly string[], path: Path): void {
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      this.add(
        `Unknown option "${pathText([...path, key])}"${this.file === undefined ? " in the plugin's options" : ""}.`,
        didYouMean(key, known, `The options are ${[...known].sort().join(", ")}.`),
      );
    }
  }
}

/**
 * Checks everything that a user wrote: every unknown key, wrong type and value outside its limits.
 *
 * @param file the file it was written in; undefined for the plugin's options
 * @throws ConfigurationError for one problem, ScopeErrors for several; each names key, file and nearest right name
 */
export function validateOptions(value: unknown, file: string | undefined): Options {
  const problems = new Problems(file);
  if (!isObject(value)) {
    problems.add(
      `${file === undefined ? "The plugin's options" : "The config"} must be an object, but ${file === undefined ? "are" : "is"} ${show(value)}.`,
      file === undefined ? undefined : "Export it as default: export default defineConfig({ … })",
    );
  } else {
    const { $schema: _, ...options } = value;
    const isJson = file?.endsWith(".json") === true;
    problems.unknownKeys(isJson ? options : value, [...namesIn(ownOptions), ...CONNECTION_OPTION_NAMES], []);
    problems.check(ownOptions, value, []);
    checkPrompts(problems, value.prompts);
    for (const [name, schema] of Object.entries(NESTED_OPTIONS)) {
      const nested = value[name];
      if (isObject(nested)) problems.unknownKeys(nested, namesIn(schema), [name]);
    }
    checkTable(problems, NUMBER_OPTIONS, (name) => {
      const [first = "", second] = name.split(".");
      const outer = value[first];
      return second === undefined ? outer : isObject(outer) ? outer[second] : undefined;
    });
    checkTable(problems, CONNECTION_OPTIONS, (name) => value[name]);
    problems.attempt(() => checkRoles(value.roles, file));
    problems.attempt(() => checkCredentials(value.credentials as Options["credentials"], file));
  }
  const [first, ...others] = problems.errors;
  if (first === undefined) return value as Options;
  if (others.length === 0) throw first;
  throw new ScopeErrors(`${problems.errors.length} options can't be used.`, {
    code: "several_errors",
    errors: problems.errors,
  });
}

function namesIn({ entries }: { readonly entries: object }): readonly string[] {
  return Object.keys(entries);
}

function checkTable(
  problems: Problems,
  table: Readonly<Record<string, ConnectionOption>>,
  read: (name: string) => unknown,
): void {
  for (const [name, option] of Object.entries(table)) {
    const value = read(name);
    if (value !== undefined) problems.attempt(() => checkValue(name, option, value, problems.file));
  }
}

function checkPrompts(problems: Problems, prompts: unknown): void {
  if (prompts === undefined) return;
  if (Array.isArray(prompts)) {
    for (const [index, name] of prompts.entries()) problems.check(promptName, name, ["prompts", index]);
  } else if (isObject(prompts)) {
    for (const [key, entry] of Object.entries(prompts)) checkEntry(problems, key, entry);
  } else problems.add(`prompts must be a list of names or a record of entries, but is ${show(prompts)}.`);
}

function checkEntry(problems: Problems, key: string, entry: unknown): void {
  const path = ["prompts", key];
  if (key === "") problems.add("prompts must not have an empty key.");
  else if (!canBeName(key)) problems.add(`The key ${pathText(path)} can't be a prompt name: ${show(key)}.`);
  problems.check(promptEntry, entry, path);
  if (!isObject(entry)) return;
  problems.unknownKeys(entry, namesIn(promptEntry), path);
  if (isObject(entry.budget)) problems.unknownKeys(entry.budget, namesIn(budget), [...path, "budget"]);
  const name = pathText(path);
  if (entry.label !== undefined && entry.version !== undefined) {
    problems.add(`${name} has both label and version.`, "Keep the one that you need.");
  }
  if (typeof entry.version === "string" && isLabel(entry.version)) {
    problems.add(
      `${name}.version is "${entry.version}", which is a label, not a version ID.`,
      `Write label: "${entry.version}"; in an import, ?label=${entry.version}.`,
    );
  }
  if (entry.live === true && entry.version !== undefined) {
    problems.add(
      `${name} is live and pinned to a version.`,
      "A version never changes: leave out one of the two.",
    );
  }
  if (entry.variables === undefined) return;
  if (!isObject(entry.variables)) {
    problems.add(`${name}.variables must be an object by variable name, but is ${show(entry.variables)}.`);
    return;
  }
  for (const [variable, type] of Object.entries(entry.variables)) {
    problems.check(variableType, type, [...path, "variables", variable]);
  }
}

/** `prompts["support/triage"].label`: a path as you'd write it in code. */
function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(part)) text += text === "" ? part : `.${part}`;
    else text += text === "" ? part : `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** For a text that isn't in a picklist, the one that was probably meant. */
function nearestHint(input: unknown, expected: unknown): string | undefined {
  if (typeof input !== "string" || typeof expected !== "string") return undefined;
  const options = [...expected.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  return didYouMean(input, options, undefined);
}
