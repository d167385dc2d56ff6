import type { Command, CommanderError } from "commander";
import { ConfigurationError } from "../../errors/classes.ts";
import { nearestName } from "../../errors/nearest-name.ts";

/** An error about what was typed. */
export function usageError(message: string, hint?: string): ConfigurationError {
  return new ConfigurationError(message, { code: "cli_usage", hint });
}

export function unknownCommand(name: string, program: Command): ConfigurationError {
  const nearest = nearestName(name, commandNames(program));
  return usageError(
    `Unknown command "${name}".`,
    nearest === undefined
      ? `Commands are ${commandNames(program).join(", ")}. To fetch one prompt: scope-gen pull ${name}`
      : `Did you mean "${nearest}"?`,
  );
}

export function commandNames(program: Command): string[] {
  return program.commands.map((command) => command.name());
}

/** What the argument parser objects to, in our words, with the nearest flag. */
export function fromParser(error: CommanderError, command: Command): ConfigurationError {
  const message = error.message.replace(/^error: /, "").split("\n")[0] ?? "";
  const flag = /^unknown option '([^'=]+)/.exec(message)?.[1];
  if (flag !== undefined) return unknownFlag(flag, command);
  const help = `See: scope-gen ${command.parent === null ? "" : `${command.name()} `}--help`;
  const [, option] = /^option '(--[\w-]+)/.exec(message) ?? [];
  const end = message.lastIndexOf(CHOICES);
  if (option !== undefined && end !== -1) {
    const given = message.slice(message.indexOf(ARGUMENT) + ARGUMENT.length, end);
    const allowed = message.slice(end + CHOICES.length, -1).split(", ");
    const nearest = nearestName(given, allowed);
    return usageError(
      `${option} must be ${allowed.join(" or ")}, and is ${JSON.stringify(given)}.`,
      nearest === undefined ? help : `Did you mean "${nearest}"?`,
    );
  }
  return usageError(`${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`, help);
}

const ARGUMENT = "' argument '";
const CHOICES = "' is invalid. Allowed choices are ";

export function unknownFlag(flag: string, command: Command): ConfigurationError {
  const options = [command, command.parent].flatMap((one) => one?.options.map(({ long }) => long) ?? []);
  const flags = [...options, "--help"].filter((long) => typeof long === "string");
  const help = `See: scope-gen ${command.parent === null ? "" : `${command.name()} `}--help`;
  // There is such a flag: what the parser does not know is the flag with its "=value".
  if (flags.includes(flag)) return usageError(`Option "${flag}" takes no value.`, help);
  const nearest = nearestName(flag, flags);
  return usageError(`Unknown option "${flag}".`, nearest === undefined ? help : `Did you mean "${nearest}"?`);
}
