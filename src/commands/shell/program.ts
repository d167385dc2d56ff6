import { Command, Option } from "commander";
import { VERSION } from "../../client/http/user-agent.ts";
import { usageError } from "../usage-error.ts";
import type { CommandContext } from "./context.ts";
import type { CliIo } from "./io.ts";

/** A command's work. Returns its exit code, or nothing for 0. */
export type Work<Args extends readonly unknown[]> = (
  context: CommandContext,
  ...args: Args
) => Promise<number> | Promise<void>;

/** Wraps a command's work so that it gets its context, and its exit code reaches the shell. */
export type Action = <Args extends readonly unknown[]>(
  work: Work<Args>,
) => (...received: unknown[]) => Promise<void>;

/** `--label`: what a command does with it. */
export function labelOption(description: string): Option {
  return new Option("--label <label>", description).choices(["production", "latest"]);
}

/** `--port`, of a server on 127.0.0.1. */
export function portOption(standard: number): Option {
  return new Option("--port <number>", "port on 127.0.0.1; 0 picks a free one")
    .default(standard)
    .argParser((text) => {
      const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      if (port <= 65_535) return port;
      throw usageError(`--port must be a number from 0 to 65535, but is ${JSON.stringify(text)}.`);
    });
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, action: Action) => void;

/**
 * The program with its global flags and the given commands. Throws instead of ending the process.
 *
 * @param print gets help and version, as text
 */
export function createProgram(
  io: CliIo,
  action: Action,
  commands: readonly AddCommand[],
  print: (text: string) => void,
): Command {
  const program = new Command("scope-gen")
    .description("Fetches the prompts a project imports, keeps the committed snapshot, and makes its types.")
    .version(VERSION, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .addOption(new Option("--config <file>", "config file to use instead of searching for one"))
    .addOption(new Option("--cwd <dir>", "run in this folder"))
    .addOption(new Option("--mode <name>", "also read .env.<name>").default(undefined, "development"))
    .addOption(new Option("--fetch <policy>", "auto, always or never; overrides everything else"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .addOption(new Option("--quiet", "print only results and errors"))
    .addOption(new Option("--no-color", "no colours"))
    .addOption(new Option("--debug", "show the stack of an error"))
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: print,
      // Errors are printed in our own form, by the caller.
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getOutHasColors: () => false,
    })
    .addHelpText(
      "after",
      "\nWithout a command: pull.\n\nExamples:\n  scope-gen                       fetch all prompts, write snapshot and types\n  scope-gen serve prompts         a local platform from a folder of prompts\n  scope-gen render welcome --var name=Ada",
    );
  for (const add of commands) add(program, action);
  return program;
}
