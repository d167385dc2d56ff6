import { appendFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseEnv } from "node:util";
import { ConfigurationError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import { type AddCommand, type CommandContext, portOption, untilStopped } from "../cli/context.ts";
import { count } from "../cli/terminal.ts";

interface ServeFlags {
  readonly port: number;
  readonly drafts?: boolean;
  readonly writeEnv?: string;
}

export const addServe: AddCommand = (program, action) => {
  program
    .command("serve")
    .description("run a local platform from a folder of prompts; an edit shows in the next response")
    .argument("[dir]", "folder of prompts: <dir>/<prompt name>/1.md, 2.md …", "prompts")
    .addOption(portOption(4700))
    .option("--write-env <file>", "add the address and the credentials to an .env file that has none")
    .option("--drafts", "a new file is a draft until it's promoted, as on the hosted platform")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen serve --write-env .env.local\n  scope-gen serve fixtures/prompts --port 8080",
    )
    .action(action<[string, ServeFlags]>(serve));
};

async function serve(
  context: CommandContext,
  dir: string,
  { port, drafts, writeEnv }: ServeFlags,
): Promise<void> {
  const { cwd, output } = context;
  const { listPrompts, startPlatform } = await import("../../platform/index.ts");
  const folder = resolve(cwd, dir);
  await using platform = await startPlatform({
    dir: folder,
    port,
    drafts,
    onRequest: ({ method, path, status }) => output.info(`${method} ${path} ${status}`),
  });
  const stopped = untilStopped(context);
  const prompts = await listPrompts(folder, { drafts });
  for (const { name, problem } of prompts) if (problem !== undefined) output.warn(`${name}: ${problem}`);
  if (prompts.length === 0)
    output.warn(
      `There's no prompt in ${shortPath(folder, cwd)} yet: put the first one at ${dir}/<name>/1.md`,
    );
  const foreign = prompts.filter(({ name }) => !/^[a-z0-9_-]+$/.test(name));
  if (foreign.length > 0)
    output.info(
      `You can't create ${someNames(foreign)} on the hosted platform: a name there has lower-case letters, digits, - and _.`,
    );
  const drafted = prompts.filter(({ production, problem }) => production === null && problem === undefined);
  const [first] = drafted;
  if (drafts && first !== undefined)
    output.info(
      `No version of ${someNames(drafted)} is production yet. Promote one: scope-gen promote ${first.name} ${first.versions.at(-1)} ${dir}`,
    );
  output.info(
    `Serving ${count(prompts.length, "prompt")} from ${shortPath(folder, cwd)} at ${platform.url}. Press Ctrl-C to stop.`,
  );
  const { url, env } = platform;
  const written =
    writeEnv === undefined
      ? { isDone: false, said: "Set these where you build; --write-env .env.local does it:" }
      : await writeEnvFile(resolve(cwd, writeEnv), cwd, env);
  output.info(written.said);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  if (output.json) output.result({ url, dir: folder, env });
  else if (!written.isDone) output.result(variables.join(""));
  await stopped;
}

function someNames(prompts: readonly { readonly name: string }[]): string {
  const names = prompts.slice(0, 3).map(({ name }) => name);
  const others = prompts.length - names.length;
  return `${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}

/** Other names of the same, which win over it. */
const WINNING = ["SCOPE_CLIENT_ID", "SCOPE_CLIENT_SECRET"];

/** Adds variables to an `.env` file that has none of them. Returns whether it has them now, and what to say. */
async function writeEnvFile(file: string, cwd: string, env: Readonly<Record<string, string>>) {
  const { changedPlace } = await import("../../project/edit/change.ts");
  const place = await changedPlace(file, dirname(file));
  const shown = shortPath(file, cwd);
  return explainUnwritable(file, async () => {
    const before = readTextIfThere(place) ?? "";
    const names = Object.keys(env);
    const known = parseEnv(before.replace(/^\uFEFF/, ""));
    if (names.every((name) => known[name] === env[name]))
      return { isDone: true, said: `${shown}: nothing to change.` };
    const there = [...names, ...WINNING].filter((name) => known[name] !== undefined);
    if (there.length > 0)
      return {
        isDone: false,
        said: `${shown} has its own ${there.join(", ")}, and was left as it is. Set these there:`,
      };
    const end = before.includes("\r\n") ? "\r\n" : "\n";
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}${end}`);
    const added = `${before === "" || before.endsWith("\n") ? "" : end}${lines.join("")}`;
    const after = parseEnv(before + added);
    if (names.some((name) => after[name] !== env[name])) {
      throw new ConfigurationError("This file isn't lines of NAME=value, so it was left unchanged.", {
        code: "file_unreadable",
        where: { file },
        hint: "Correct it, or choose another file for --write-env.",
      });
    }
    await appendFile(place, added, { mode: 0o600 });
    return { isDone: true, said: `${shown}: wrote ${names.join(", ")}.` };
  });
}
