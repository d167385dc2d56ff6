import { join } from "node:path";
import { node, type Ran, ROOT, type RunOptions, run } from "./run.ts";

/**
 * Runs a command as somebody whom permissions stop, which a superuser is only without these two capabilities. Not as
 * another user: the folder of this repository can be closed to others.
 */
export function unprivileged(
  argv: readonly string[],
  options: RunOptions,
  bin = join(ROOT, "bin", "scope-gen.js"),
): Promise<Ran> {
  if (process.geteuid?.() !== 0) return node([bin, ...argv], options);
  const command = [process.execPath, bin, ...argv];
  return run("setpriv", ["--bounding-set=-dac_override,-dac_read_search", ...command], options);
}
