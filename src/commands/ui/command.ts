import { spawn } from "node:child_process";
import { once } from "node:events";
import { readEnv } from "../../environment.ts";
import { type AddCommand, type CommandContext, portOption, untilStopped } from "../cli/context.ts";

interface UiFlags {
  readonly port: number;
  readonly open?: boolean;
}

export const addUi: AddCommand = (program, action) => {
  program
    .command("ui")
    .description(
      "serve a page about the project's prompts: texts with your values, what changes, the calls that it breaks",
    )
    .addOption(portOption(4701))
    .option("--open", "open the page in the browser")
    .addHelpText("after", "\nExamples:\n  scope-gen ui --open\n  scope-gen ui --port 0")
    .action(action<[UiFlags]>(ui));
};

async function ui(context: CommandContext, flags: UiFlags): Promise<void> {
  const { output } = context;
  const { startInspector } = await import("../../inspector/handler.ts");
  await using project = await context.openProject({ isAboutPlatform: true });
  const inspector = await startInspector({ project }, flags.port);
  const { url } = inspector;
  try {
    const stopped = untilStopped(context);
    output.info("Press Ctrl-C to stop. The inspector changes nothing on the platform.");
    output.result(output.json ? { url } : `${url}\n`);
    if (flags.open) await openInBrowser(url, context);
    await stopped;
  } finally {
    await inspector.close();
  }
}

/** Opens an address in the browser, or in the program that `BROWSER` names. A failure is reported, but ends nothing. */
async function openInBrowser(url: string, { io: { env }, output }: CommandContext): Promise<void> {
  // The empty string is the window title, which `start` expects first.
  const windows = ["cmd", "/c", "start", '""'];
  const systems: Partial<Record<string, string[]>> = { darwin: ["open"], win32: windows };
  const own = readEnv(env, "BROWSER");
  const [command = "", ...args] = own === undefined ? (systems[process.platform] ?? ["xdg-open"]) : [own];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.unref();
  await once(child, "spawn").catch((error: Error) => {
    output.warn(`Couldn't open the browser (${error.message}). The address is ${url}`);
  });
}
