import type { Command, CommanderError } from "commander";
import { ConfigurationError } from "../../errors/classes.ts";
import { flatten, formatError, hintText, shortPath } from "../../errors/format-error.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import type { Where } from "../../errors/scope-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { ScopeErrors } from "../../errors/scope-errors.ts";

/** An error about what you typed. */
export function usageError(message: string, hint?: string): ConfigurationError {
  return new ConfigurationError(message, { code: "cli_usage", hint });
}

export function unknownCommand(name: string, names: readonly string[]): ConfigurationError {
  const all = `The commands are ${names.join(", ")}. To fetch one prompt: scope-gen pull ${name}`;
  return usageError(`Unknown command "${name}".`, didYouMean(name, names, all));
}

/** Turns an error of the argument parser into one of ours, with the nearest flag. */
export function fromParser(error: CommanderError, command: Command): ConfigurationError {
  const message = error.message.replace(/^error: /, "").split("\n")[0] ?? "";
  const help = `See: scope-gen ${command.parent === null ? "" : `${command.name()} `}--help`;
  if (error.code !== "commander.unknownOption")
    return usageError(`${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`, help);
  const [, flag = ""] = /'([^'=]+)/.exec(message) ?? [];
  const options = [command, command.parent].flatMap((one) => one?.options.map(({ long }) => long) ?? []);
  const flags = [...options, "--help"].filter((long) => typeof long === "string");
  // The flag exists: what the parser doesn't know is the flag with its "=value".
  if (flags.includes(flag)) return usageError(`Option "${flag}" doesn't take a value.`, help);
  return usageError(`Unknown option "${flag}".`, didYouMean(flag, flags, help));
}

const PUBLIC_FIELDS = [
  "missingVariables",
  "httpStatus",
  "errorCode",
  "requestId",
  "field",
  "retryAfter",
  "promptId",
] as const;

/** The additional fields of some error classes. */
type PublicFields = { readonly [Name in (typeof PUBLIC_FIELDS)[number]]?: unknown };

interface JsonError extends PublicFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: Where;
  /** The single errors, when there are several. */
  readonly errors?: readonly JsonError[];
}

/** An error as `--json` prints it; files below `cwd` are relative to it. */
export function errorToJson(error: unknown, cwd: string): JsonError {
  if (!isScopeError(error)) {
    // The first line of the printed form, which is also all that is shown of another library's error.
    const [line = ""] = formatError(error).split("\n");
    const [code = "", ...message] = line.split("  ");
    return { code, message: message.join("  ") };
  }
  const { code, message, where } = error;
  const hint = hintText(error, cwd);
  const fields = PUBLIC_FIELDS.map((name) => [name, (error as PublicFields)[name]] as const);
  const inside = error instanceof ScopeErrors && flatten(error).map((one) => errorToJson(one, cwd));
  return {
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(where && {
      where: {
        ...where,
        ...(where.file !== undefined && { file: shortPath(where.file, cwd) }),
        ...(where.importedBy !== undefined && { importedBy: shortPath(where.importedBy, cwd) }),
      },
    }),
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ...(inside && { errors: inside.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }),
  };
}
