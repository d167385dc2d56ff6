import { join } from "node:path";
import { type Ran, ROOT, type RunOptions, run, scopeGen } from "./run.ts";

/**
 * Runs a command as somebody whom permissions stop, which a superuser is only without these two capabilities. Not as
 * another user: the folder of this repository can be closed to others.
 */
export function unprivileged(argv: readonly string[], options: RunOptions): Promise<Ran> {
  if (process.geteuid?.() !== 0) return scopeGen(argv, options);
  const command = [process.execPath, join(ROOT, "bin", "scope-gen.js"), ...argv];
  return run("setpriv", ["--bounding-set=-dac_override,-dac_read_search", ...command], options);
}
