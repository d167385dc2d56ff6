import type { Command, CommanderError } from "commander";
import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";

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
