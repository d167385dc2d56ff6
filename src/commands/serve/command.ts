import { dirname, resolve } from "node:path";
import { parseEnv } from "node:util";
import { ConfigurationError } from "../../errors/classes.ts";
import { shortPath } from "../../errors/format-error.ts";
import { readIfThere } from "../../files/read-file.ts";
import { StagedFiles } from "../../files/staged-files.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import { type AddCommand, type CommandContext, portOption, untilStopped } from "../cli/context.ts";
import { count } from "../cli/terminal.ts";

interface ServeFlags {
  readonly port: number;
  readonly drafts?: boolean;
  readonly serveArchived?: boolean;
  readonly writeEnv?: string;
}

export const addServe: AddCommand = (program, action) => {
  program
    .command("serve")
    .description("run a local platform from a folder of prompts; an edit shows in the next response")
    .argument("[dir]", "folder of prompts: <dir>/<prompt name>/1.md, 2.md …", "prompts")
    .addOption(portOption(4700))
    .option(
      "--write-env <file>",
      "write the address and the credentials to an .env file; the rest of it stays",
    )
    .option("--drafts", "a new file is a draft until it's promoted, as on the hosted platform")
    .option("--serve-archived", "serve an archived version to a request for its ID (default: 404)")
    .addHelpText(
      "after",
      "\nExamples:\n  scope-gen serve --write-env .env.local\n  scope-gen serve fixtures/prompts --port 8080",
    )
    .action(action<[string, ServeFlags]>(serve));
};

async function serve(
  context: CommandContext,
  dir: string,
  { port, drafts, serveArchived, writeEnv }: ServeFlags,
): Promise<void> {
  const { cwd, output } = context;
  const { listPrompts, startPlatform } = await import("../../platform/index.ts");
  const folder = resolve(cwd, dir);
  await using platform = await startPlatform({
    dir: folder,
    port,
    drafts,
    serveArchived,
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
  output.info(
    writeEnv === undefined
      ? "Set these where you build; --write-env .env.local does it:"
      : await updateEnvFile(resolve(cwd, writeEnv), cwd, platform.env),
  );
  const { url, env } = platform;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  if (output.json) output.result({ url, dir: folder, env });
  else if (writeEnv === undefined) output.result(variables.join(""));
  await stopped;
}

function someNames(prompts: readonly { readonly name: string }[]): string {
  const names = prompts.slice(0, 3).map(({ name }) => name);
  const others = prompts.length - names.length;
  return `${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}

/** A variable of an `.env` file, with its line break. A quoted value can have several lines. */
const VARIABLE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`)?[^\r\n]*(?:\r?\n|$)/gm;

/** Other names of the same, which win over it. */
const WINNING = new Set(["SCOPE_CLIENT_ID", "SCOPE_CLIENT_SECRET"]);

/** What a local platform writes. */
const LOCAL = /^(?:local|http:\/\/127\.0\.0\.1:\d+)$/;

/**
 * Sets variables in an `.env` file and keeps everything else, byte for byte; credentials of another platform as
 * comments. Returns what was done, for the user.
 */
async function updateEnvFile(
  file: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { changedPlace } = await import("../../project/edit/change.ts");
  const place = await changedPlace(file, dirname(file));
  return explainUnwritable(file, async () => {
    // One character for each byte: in any encoding, what stays is written as it was read.
    const text = readIfThere(place)?.toString("latin1") ?? "";
    const [mark = ""] = /^\xEF\xBB\xBF/.exec(text) ?? [];
    const before = text.slice(mark.length);
    const end = before.includes("\r\n") ? "\r\n" : "\n";
    const left = new Map(Object.entries(env));
    let after = before.replace(VARIABLE, (line, name: string) => {
      if (!Object.hasOwn(env, name) && !WINNING.has(name)) return line;
      const value = left.get(name);
      left.delete(name);
      const [lineBreak = ""] = /\r?\n$/.exec(line) ?? [];
      const old = parseEnv(line)[name] ?? "";
      // What isn't a local platform's can't be got back: it stays as a comment.
      const comment = old === "" || LOCAL.test(old) ? "" : `# ${line.replace(/\n(?=.)/gs, "\n# ")}`;
      const mark = comment === "" || lineBreak !== "" ? comment : `${comment}${end}`;
      return `${mark}${value === undefined ? "" : `${name}=${value}${lineBreak}`}`;
    });
    if (left.size > 0 && after !== "" && !after.endsWith("\n")) after += end;
    for (const [name, value] of left) after += `${name}=${value}${end}`;

    const [was, is] = [parseEnv(before), parseEnv(after)];
    const names = Object.keys(env);
    if (names.some((name) => is[name] !== env[name])) {
      throw new ConfigurationError("This file isn't lines of NAME=value, so it was left unchanged.", {
        code: "cli_file_unreadable",
        where: { file },
        hint: "Correct it, or choose another file for --write-env.",
      });
    }
    if (after !== before) {
      // If the process is killed, git ignores what it leaves.
      const staged = new StagedFiles(dirname(place), ".env-");
      try {
        await staged.add(place, Buffer.from(mark + after, "latin1"), 0o600);
        await staged.commit(String);
      } finally {
        await staged.discard();
      }
    }
    const done = Object.entries({
      wrote: names.filter((name) => was[name] === undefined),
      replaced: names.filter((name) => was[name] !== undefined && was[name] !== env[name]),
      dropped: Object.keys(was).filter((name) => is[name] === undefined),
    }).flatMap(([did, some]) => (some.length === 0 ? [] : `${did} ${some.join(", ")}`));
    return `${shortPath(file, cwd)}: ${done.join("; ") || "nothing to change"}.`;
  });
}
