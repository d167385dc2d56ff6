import { ROOT, run } from "../../support/run.ts";

/** This Node and Node 22: with and without `module.registerHooks`, which this package's lowest version lacks. */
export const NODE_VERSIONS = [process.version.slice(1).split(".")[0] as string, "22"];

/** Path of a Node of that major version: this one, or the npm package `node`, which brings it. */
export async function nodeBinary(major: string): Promise<string> {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const found = await run(
    "npm",
    ["exec", "--yes", `--package=node@${major}`, "--", "node", "-p", "process.execPath"],
    { cwd: ROOT },
  );
  if (found.code !== 0) throw new Error(`Node ${major} couldn't be installed from npm: ${found.stderr}`);
  return found.stdout.trim();
}
