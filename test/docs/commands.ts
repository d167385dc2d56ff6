import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { parse } from "shell-quote";
import manifest from "../../package.json" with { type: "json" };
import { addCommands, createProgram, withCommand } from "../../src/commands/run-cli.ts";
import { ROOT } from "../support/run.ts";

/** Programs of the reader's machine. What they are given is not looked at. */
const PROGRAMS = ["apt-get", "cd", "deno", "docker", "echo", "export", "git", "mkdir", "tsx"];
/** Programs of npm packages that are not installed here. */
const FOREIGN = ["wrangler"];
/** What npm itself knows. */
const NPM = ["ci", "install", "pkg", "start", "test"];

/** Throws where a line of a shell has a command that does not exist, or words that it does not know. */
export async function checkCommands(text: string): Promise<void> {
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    for (const words of commandsOf(line)) await checkCommand(words);
  }
}

/** The commands of a line, each as its words: without variables before it, and files that it reads or writes. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  let isFile = false;
  for (const entry of parse(line, (name) => `$${name}`)) {
    if (typeof entry === "string") {
      const words = commands.at(-1)!;
      const isVariable = words.length === 0 && /^[A-Z_]+=/.test(entry);
      if (!isFile && !isVariable) words.push(entry);
      isFile = false;
    } else if (isPattern(entry)) commands.at(-1)!.push(entry.pattern);
    else if ("op" in entry) {
      isFile = /[<>]/.test(entry.op);
      if (!isFile) commands.push([]);
    }
  }
  return commands.filter((words) => words.length > 0);
}

function isPattern(entry: parse.ParseEntry): entry is { op: "glob"; pattern: string } {
  return typeof entry === "object" && "pattern" in entry;
}

async function checkCommand([program = "", ...words]: readonly string[]): Promise<void> {
  if (program === "scope-gen") await parseScopeGen(words);
  else if (program === "npx") {
    const isFetched = words[0] === "-p" && words[1] === "unplugin-scope";
    if (isFetched) await checkCommand(["npx", ...words.slice(2)]);
    else if (words[0] === "scope-gen") await parseScopeGen(words.slice(1));
    else if (!FOREIGN.includes(words[0] ?? ""))
      await access(join(ROOT, "node_modules", ".bin", words[0] ?? ""));
  } else if (program === "npm") checkNpm(words);
  else if (program === "node") checkNode(words);
  else if (!PROGRAMS.includes(program)) throw new Error(`"${program}" isn't a known program.`);
}

/** Reads words as the command line does, and does nothing. Throws for a command, flag or argument that it does not know. */
async function parseScopeGen(words: readonly string[]): Promise<void> {
  const program = await scopeGen();
  try {
    await program.parseAsync(withCommand(words, program).argv, { from: "user" });
  } catch (error) {
    // Help and version end the parser too.
    if ((error as { exitCode?: number }).exitCode !== 0) throw error;
  }
}

/** The program, with actions that do nothing. */
export async function scopeGen(): Promise<Command> {
  const io = { stdout: { columns: 80 } } as Parameters<typeof createProgram>[0];
  const program = createProgram(io, () => {});
  await addCommands(program, () => async () => {});
  return program;
}

function checkNpm([command = "", name = ""]: readonly string[]): void {
  if (command === "run") {
    if (!(name in manifest.scripts)) throw new Error(`"${name}" isn't a script in package.json.`);
  } else if (!NPM.includes(command)) throw new Error(`"npm ${command}" isn't a known npm command.`);
}

/** What Node is told to import from this package is an entry of it. */
function checkNode(words: readonly string[]): void {
  for (const word of words.filter((one) => one.startsWith(manifest.name))) {
    const entry = word.replace(manifest.name, ".");
    if (!(entry in manifest.exports)) throw new Error(`"${word}" isn't an entry of the package.`);
  }
}

/**
 * A command as tables and sentences write it. One that is only named, or has places for words (`<name>`, `[names…]`), has to
 * exist, and so have its flags.
 */
export async function checkInlineCommand(text: string): Promise<void> {
  const isUsage = /[<[…]/.test(text) || /^(?:npx (?:-p unplugin-scope )?)?scope-gen [\w-]+$/.test(text);
  if (isUsage) await checkUsage(text);
  else await checkCommands(text);
}

async function checkUsage(text: string): Promise<void> {
  const program = await scopeGen();
  const [, name] = /scope-gen (\w[\w-]*)/.exec(text) ?? [];
  const command = name === undefined ? program : program.commands.find((one) => one.name() === name);
  if (command === undefined) throw new Error(`"${name}" isn't a scope-gen command.`);
  const known = [...program.options, ...command.options].map((option) => option.long);
  for (const [flag] of text.matchAll(/--[\w-]+/g)) {
    if (flag !== "--help" && !known.includes(flag)) throw new Error(`"${flag}" isn't a flag of "${text}".`);
  }
}
