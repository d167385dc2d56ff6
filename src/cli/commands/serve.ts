import { once } from "node:events";
import { resolve } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import type { CommandContext } from "../context.ts";
import { type AddCommand, portOption } from "../program.ts";
import { count } from "../terminal/text-table.ts";

interface ServeFlags {
  readonly port: number;
  readonly drafts?: boolean;
  readonly serveArchived?: boolean;
}

const DEFAULT_DIR = "prompts";

/** `scope-gen serve`: the local platform over a folder of prompts. */
export const addServe: AddCommand = (program, action) => {
  program
    .command("serve")
    .description("run a local platform from a folder of prompts; an edit shows in the next response")
    .argument("[dir]", "folder of prompts: <dir>/<prompt name>/1.md, 2.md …", DEFAULT_DIR)
    .addOption(portOption(4700))
    .option("--drafts", "a new file is a draft until it's promoted, as on the hosted platform")
    .option("--serve-archived", "serve an archived version to a request for its ID (default: 404)")
    .addHelpText("after", "\nExamples:\n  scope-gen serve\n  scope-gen serve fixtures/prompts --port 8080")
    .action(action<[string, ServeFlags]>(serve));
};

async function serve(context: CommandContext, dir: string, flags: ServeFlags): Promise<void> {
  const { io, cwd, output } = context;
  const { port, drafts, serveArchived } = flags;
  const { listPrompts, startPlatform } = await import("../../platform/index.ts");
  const folder = resolve(cwd, dir);
  const platform = await startPlatform({
    dir: folder,
    port,
    drafts,
    serveArchived,
    onRequest: ({ method, path, status }) => output.log(`${method} ${path} ${status}`),
  });
  const release = io.takeSignals?.();
  try {
    const prompts = await listPrompts(folder, { drafts });
    for (const { name, problem } of prompts) if (problem !== undefined) output.warn(`${name}: ${problem}`);
    const foreign = prompts.filter(({ name }) => !/^[a-z0-9_-]+$/.test(name));
    if (foreign.length > 0)
      output.log(
        `You can't create ${someNames(foreign)} on the hosted platform: a name there has lower-case letters, digits and underscores.`,
      );
    const drafted = prompts.filter(({ production, problem }) => production === null && problem === undefined);
    const [first] = drafted;
    if (drafts && first !== undefined)
      output.log(
        `No version of ${someNames(drafted)} is production yet. Promote one: scope-gen promote ${first.name} ${first.versions.at(-1)} ${dir}`,
      );
    output.log(
      `Serving ${count(prompts.length, "prompt")} from ${shortPath(folder, cwd)} at ${platform.url}. Press Ctrl-C to stop.\nSet these where you build, in the environment or in .env.local:`,
    );
    output.result(
      () => ({ url: platform.url, dir: folder, env: platform.env }),
      () =>
        Object.entries(platform.env)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(""),
    );
    if (!io.signal.aborted) await once(io.signal, "abort");
  } finally {
    release?.();
    await platform.close();
  }
}

function someNames(prompts: readonly { readonly name: string }[]): string {
  const names = prompts.slice(0, 3).map(({ name }) => name);
  const others = prompts.length - names.length;
  return `${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
