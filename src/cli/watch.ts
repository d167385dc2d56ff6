import { setTimeout as sleep } from "node:timers/promises";
import { formatError } from "../errors/format-error.ts";
import type { CommandContext } from "./context.ts";

const SECONDS = 5;

/**
 * Does some work every few seconds until Ctrl-C. A round that fails is said once and tried again; the same
 * failure again is not repeated.
 */
export async function watch(context: CommandContext, work: () => Promise<unknown>): Promise<void> {
  const { io, output, cwd } = context;
  let lastFailure = "";
  output.log(`Watching, every ${SECONDS} seconds. Ctrl-C ends it.`);
  while (!io.signal.aborted) {
    try {
      await work();
      lastFailure = "";
    } catch (error) {
      if (io.signal.aborted) return;
      const failure = formatError(error, { color: output.logColors.isColorSupported, cwd });
      if (failure !== lastFailure) io.stderr.write(`${failure}\n`);
      lastFailure = failure;
    }
    await sleep(SECONDS * 1000, undefined, { signal: io.signal }).catch(() => {});
  }
}
