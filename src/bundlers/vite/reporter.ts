import { styleText } from "node:util";
import type { ResolvedConfig } from "vite";
import type { Reporter } from "../../project/reporter.ts";

const NAME = "[unplugin-scope]";

/** Vite's log, with our name before each line, as Vite's own plugins do; warnings are yellow. */
export function viteReporter({ logger, command }: Pick<ResolvedConfig, "logger" | "command">): Reporter {
  // In a build on a terminal the cursor is behind Vite's progress, "transforming (12) …".
  let start = command === "build" && process.stdout.isTTY ? "\n" : "";
  const line = (text: string) => {
    const shown = `${start}${text}`;
    start = "";
    return shown;
  };
  return {
    info: (text) => logger.info(line(`${styleText("cyan", NAME)} ${text}`)),
    warn: (text) => logger.warn(line(styleText("yellow", `${NAME} ${text}`))),
  };
}
