import { Command, CommanderError, Option } from "commander";
import { VERSION } from "../client/http/user-agent.ts";
import { isScopeError } from "../errors/scope-error.ts";
import {
  type Action,
  type AddCommand,
  type CliIo,
  createContext,
  type GlobalFlags,
  type Work,
} from "./cli/context.ts";
import { fromParser, unknownCommand } from "./cli/errors.ts";
import { Printer } from "./cli/output.ts";

/** Every command, in the order of the help. A run loads only its own. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  pull: async () => (await import("./pull/command.ts")).addPull,
  types: async () => (await import("./types/command.ts")).addTypes,
  check: async () => (await import("./check/command.ts")).addCheck,
  diff: async () => (await import("./diff/command.ts")).addDiff,
  pin: async () => (await import("./pin/command.ts")).addPin,
  unpin: async () => (await import("./pin/command.ts")).addUnpin,
  list: async () => (await import("./list/command.ts")).addList,
  render: async () => (await import("./render/command.ts")).addRender,
  emit: async () => (await import("./emit/command.ts")).addEmit,
  init: async () => (await import("./setup/init.ts")).addInit,
  serve: async () => (await import("./serve/command.ts")).addServe,
  promote: async () => (await import("./promote/command.ts")).addPromote,
  ui: async () => (await import("./ui/command.ts")).addUi,
  doctor: async () => (await import("./setup/doctor.ts")).addDoctor,
};
const DEFAULT_COMMAND = "pull";

/** Runs one command, with what was typed after `scope-gen`, and returns its exit code. Prints whatever goes wrong. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code = 0;
  let output = outputFor(argv, io);
  const action: Action =
    <Args extends readonly unknown[]>(work: Work<Args>) =>
    async (...received: unknown[]) => {
      const command = received.at(-1) as Command;
      const context = createContext(io, command.optsWithGlobals<GlobalFlags>());
      output = context.output;
      // The parser passes a command's arguments, its flags and the command itself, in this order.
      const args = received.slice(0, -1) as unknown as Args;
      code = (await work(context, ...args)) ?? 0;
    };
  let printed = "";
  const program = createProgram(io, (text) => {
    printed += text;
  });
  let command = program;
  try {
    const words = withCommand(argv, program);
    await addCommands(program, action, words.command);
    command = program.commands.find((one) => one.name() === words.command) ?? program;
    await program.parseAsync(words.argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      const document =
        error.code === "commander.version" ? { version: printed.trimEnd() } : { help: printed };
      output.result(output.json ? document : printed, "data");
      return 0;
    }
    output.error(error instanceof CommanderError ? fromParser(error, command) : error);
    // What a shell reports for a process that Ctrl-C ended.
    return isScopeError(error, "cli_interrupted") ? 130 : 1;
  }
}

/** The output for arguments that couldn't be parsed or don't name a command, set up by their global flags. */
export function outputFor(argv: readonly string[], io: CliIo): Printer {
  return new Printer(io, {
    json: argv.some(
      (word, at) =>
        word === "--json" ||
        word.startsWith("--json=") ||
        word === "--format=json" ||
        (word === "--format" && argv[at + 1] === "json"),
    ),
    quiet: argv.includes("--quiet"),
    color: !argv.includes("--no-color"),
    debug: argv.includes("--debug"),
  });
}

/**
 * Finds the command among the arguments, and puts the default one first if there is none. A word that isn't a command
 * is an error, never a name for the default command: a misspelt command must not fetch anything.
 */
export function withCommand(given: readonly string[], program: Command): { argv: string[]; command: string } {
  // Many programs accept -V; the parser knows one short form.
  const argv = given.map((word) => (word === "-V" ? "-v" : word));
  const { operands, unknown } = program.parseOptions(argv);
  const [command, topic] = [...operands, ...unknown].filter((word) => !word.startsWith("-"));
  const name = command === "help" ? topic : command;
  if (name !== undefined && !Object.hasOwn(COMMANDS, name)) throw unknownCommand(name, Object.keys(COMMANDS));
  const helpAt = argv.findIndex((word) => word === "-h" || word === "--help");
  // Help before the command is about all of them.
  if (helpAt !== -1 && (command === undefined || helpAt < argv.indexOf(command)))
    return { argv, command: "" };
  if (command !== undefined) return { argv, command: name ?? "" };
  return { argv: [DEFAULT_COMMAND, ...argv], command: DEFAULT_COMMAND };
}

/** Adds one command to the program; with an empty name, all of them. */
export async function addCommands(program: Command, action: Action, name = ""): Promise<void> {
  for (const [own, load] of Object.entries(COMMANDS)) {
    if (name !== "" && own !== name) continue;
    const add = await load();
    add(program, action);
  }
}

/** The program with its global flags, without commands. Throws instead of ending the process. */
export function createProgram(io: CliIo, print: (text: string) => void): Command {
  return new Command("scope-gen")
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
}
