import { once } from "node:events";
import { portOf } from "../arguments/port.ts";
import type { CommandContext } from "../context.ts";
import type { AddCommand } from "../program.ts";

interface UiFlags {
  readonly port?: string;
  readonly open?: boolean;
}

const DEFAULT_PORT = 4701;

/** `scope-gen ui`: the inspector over the project found here. */
export const addUi: AddCommand = (program, action) => {
  program
    .command("ui")
    .description("serve a page about the project's prompts: texts, differences, call sites, samples to try")
    .option("--port <number>", `port on 127.0.0.1; 0 picks a free one (default: ${DEFAULT_PORT})`)
    .option("--open", "open the page in the browser")
    .addHelpText("after", "\nExamples:\n  scope-gen ui --open\n  scope-gen ui --port 0")
    .action(action<[UiFlags]>(ui));
};

async function ui(context: CommandContext, flags: UiFlags): Promise<void> {
  const { io, cwd, output } = context;
  const port = portOf(flags.port, DEFAULT_PORT);
  const { startInspector } = await import("../../inspector/start-inspector.ts");
  await context.withProject(
    async (project) => {
      const doctor = { cwd, mode: project.options.mode, env: io.env };
      const inspector = await startInspector({ project, doctor }, port);
      const release = io.takeSignals?.();
      try {
        output.log("Press Ctrl-C to stop. The inspector changes nothing on the platform.");
        output.result(
          () => ({ url: inspector.url }),
          () => `${inspector.url}\n`,
        );
        if (flags.open) {
          const { openInBrowser } = await import("../open-in-browser.ts");
          await openInBrowser(inspector.url, io.env, (text) => output.warn(text));
        }
        if (!io.signal.aborted) await once(io.signal, "abort");
      } finally {
        release?.();
        await inspector.close();
      }
    },
    { isAboutPlatform: true },
  );
}
