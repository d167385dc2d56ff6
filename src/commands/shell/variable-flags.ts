import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { ConfigurationError, ValidationError } from "../../errors/classes.ts";
import { isObject } from "../../prompt.ts";
import { usageError } from "../usage-error.ts";
import type { CliIo } from "./io.ts";

export interface VariableFlags {
  /**
   * `name=value`, `name=@file`, `name=@-` for standard input, or `name=@@value` for a value that starts with an `@`.
   */
  readonly var?: readonly string[] | undefined;
  /** A JSON file that contains an object of values. */
  readonly vars?: string | undefined;
}

/**
 * The values of the flags `--var` and `--vars`, by variable name. A `--var` wins over the file.
 *
 * @param cwd folder that file names are relative to
 * @throws ConfigurationError `cli_usage`, `cli_file_unreadable`
 */
export async function readVariables(
  flags: VariableFlags,
  cwd: string,
  stdin: CliIo["stdin"],
): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>(
    flags.vars === undefined ? [] : Object.entries(await readValues(resolve(cwd, flags.vars))),
  );
  let readsStdin: string | undefined;
  for (const flag of flags.var ?? []) {
    const equals = flag.indexOf("=");
    if (equals < 1) {
      throw usageError(
        `--var expects name=value, but got ${JSON.stringify(flag)}.`,
        "For example --var name=Ada",
      );
    }
    const name = flag.slice(0, equals);
    const value = flag.slice(equals + 1);
    if (value === "@-") {
      if (readsStdin !== undefined) {
        throw usageError(`Both ${readsStdin} and ${name} read standard input.`, "Only one of them can.");
      }
      readsStdin = name;
      values.set(name, (await buffer(stdin)).toString("utf8"));
    } else if (value.startsWith("@@")) values.set(name, value.slice(1));
    else if (value.startsWith("@")) values.set(name, await readText(resolve(cwd, value.slice(1))));
    else values.set(name, value);
  }
  // fromEntries defines own properties, including `__proto__`.
  return Object.fromEntries(values);
}

/**
 * Refuses lists and objects: a prompt in the platform's own syntax can't use them, and its types don't accept them.
 *
 * @throws ValidationError `variable_invalid`, for the first of them by name
 */
export function refuseStructures(values: Readonly<Record<string, unknown>>): void {
  const [name] = Object.keys(values)
    .filter((one) => typeof values[one] === "object" && values[one] !== null)
    .sort();
  if (name === undefined) return;
  throw new ValidationError(
    `The value of "${name}" is ${Array.isArray(values[name]) ? "a list" : "an object"}, but a variable must be text, a number or a boolean.`,
    {
      code: "variable_invalid",
      field: name,
      value: values[name],
      hint: 'Only prompts with syntax "mustache" accept lists and objects.',
    },
  );
}

async function readValues(file: string): Promise<object> {
  const value = await readJson(file);
  if (isObject(value)) return value;
  throw unreadable(file, "This file must hold a JSON object of values by variable name.");
}

/** A file named on the command line, as JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, "This file isn't JSON.", error);
  }
}

/** A file named on the command line, as text. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unreadable(file, "This file can't be read.", error);
  }
}

export function unreadable(file: string, message: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(message, { code: "cli_file_unreadable", where: { file }, cause });
}
