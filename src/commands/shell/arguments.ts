import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { ConfigurationError, ValidationError } from "../../errors/classes.ts";
import { nearestName } from "../../errors/nearest-name.ts";
import {
  formatSpecifier,
  type ResolvedImport,
  resolveSpecifier,
  SCHEME,
} from "../../project/config/specifier.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { Project } from "../../project/project.ts";
import { listSnapshot } from "../../project/snapshot/store.ts";
import { isObject, pinText, refKey } from "../../prompt.ts";
import { usageError } from "../usage-error.ts";
import type { CommandContext } from "./context.ts";

/**
 * The import specifier for a prompt named on the command line: a specifier itself, the literal name of a key in the
 * config, what would follow `scope:`, or the name of a prompt that the project has under one pin. Several pins, none of
 * them the default, are refused, and so is a name that the project doesn't have but that is close to one it has.
 *
 * @example await promptSpecifier("welcome?label=latest", project) // "scope:welcome?label=latest"
 */
export async function promptSpecifier(name: string, project: Project): Promise<string> {
  const { options } = project;
  if (name.startsWith(SCHEME)) return name;
  if (options.prompts.has(name)) return formatSpecifier(name, undefined, false);
  const plain = `${SCHEME}${name}`;
  const { findUses } = await import("../../project/discovery/find-uses.ts");
  const { selectImports } = await import("../select-imports.ts");
  // Without the specifiers that can't be read: a pull reports these.
  const selected = selectImports(options, (await findUses(options)).uses, () => {});
  const imports = selected.map(({ request }) => request);
  await refuseNearMiss(name, imports, options);
  if (name.includes("?")) return plain;
  const known = imports.filter(({ key, ref }) => [key, ref.name].includes(name));
  const pins = new Map(known.map((request) => [refKey(request.ref), request]));
  const [only] = pins.values();
  if (only === undefined || pins.has(refKey(resolveSpecifier(plain, options).ref))) {
    return plain;
  }
  if (pins.size === 1) return formatSpecifier(only.key, only.ref.pin, false);
  const given = [...pins.values()].map(({ key, ref }) => `"${key}?${ref.pin.kind}=${pinText(ref.pin)}"`);
  throw usageError(
    `This project uses the prompt "${name}" with ${pins.size} different pins.`,
    `Use one of them: ${given.sort().join(" or ")}`,
  );
}

async function refuseNearMiss(
  name: string,
  imports: readonly ResolvedImport[],
  { snapshotDir }: ResolvedOptions,
): Promise<void> {
  const [asked = ""] = name.split("?");
  const here = imports.flatMap(({ key, ref }) => [key, ref.name]);
  if (here.includes(asked)) return;
  const committed = (await listSnapshot(snapshotDir)).entries.map(({ entry }) => entry.ref.name);
  const nearest = committed.includes(asked) ? undefined : nearestName(asked, [...here, ...committed]);
  if (nearest === undefined) return;
  throw new ConfigurationError(`No prompt "${asked}" is configured, imported or committed here.`, {
    code: "name_unknown",
    hint: `Did you mean "${nearest}"? To fetch "${asked}" anyway, write it as in an import: "${SCHEME}${name}"`,
  });
}

export interface VariableFlags {
  /** `name=value`, `name=@file`, `name=@-` for standard input, `name=@@value` for one that starts with an `@`. */
  readonly var?: readonly string[] | undefined;
  /** A JSON file that contains an object of values. */
  readonly vars?: string | undefined;
}

/** The values of the flags `--var` and `--vars`, by variable name. A `--var` wins over the file. */
export async function readVariables(
  flags: VariableFlags,
  { cwd, io: { stdin } }: CommandContext,
): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  if (flags.vars !== undefined) {
    const file = resolve(cwd, flags.vars);
    const given = await readJson(file);
    if (!isObject(given))
      throw unreadable(file, "This file must hold a JSON object of values by variable name.");
    for (const [name, value] of Object.entries(given)) values.set(name, value);
  }
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

/** Refuses lists and objects: a prompt in the platform's own syntax can't use them, and its types don't accept them. */
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
