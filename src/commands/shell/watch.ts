import { setTimeout as sleep } from "node:timers/promises";
import { isOutage } from "../../errors/classes.ts";
import { flatten } from "../../errors/format-error.ts";
import { usageError } from "../usage-error.ts";
import type { CommandContext } from "./context.ts";

const SECONDS = 5;

/**
 * Repeats some work every few seconds until Ctrl-C. A round that fails is reported once and tried again; the same
 * failure isn't reported again. The first round can only fail because of an outage: a wrong setup stays wrong, but
 * later on somebody may be in the middle of an edit.
 *
 * @throws `cli_usage` with `--json`; what the first round throws, unless all of it is an outage
 */
export async function watch(context: CommandContext, work: () => Promise<unknown>): Promise<void> {
  const { io, output } = context;
  if (output.json) {
    throw usageError("--watch and --json can't be used together.", "--json prints one document and exits.");
  }
  let lastFailure = "";
  let isFirst = true;
  output.log(`Watching every ${SECONDS} seconds. Press Ctrl-C to stop.`);
  while (!io.signal.aborted) {
    try {
      await work();
      lastFailure = "";
    } catch (error) {
      if (io.signal.aborted) return;
      if (isFirst && !flatten(error).every(isOutage)) throw error;
      const failure = output.errorText(error);
      if (failure !== lastFailure) io.stderr.write(failure);
      lastFailure = failure;
    }
    isFirst = false;
    const release = io.takeSignals?.();
    await sleep(SECONDS * 1000, undefined, { signal: io.signal }).catch(() => {});
    release?.();
  }
}
