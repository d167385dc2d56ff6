import { runCli } from "../../dist/cli.js";
import { startPlatform } from "../../dist/platform.js";

/** Pulls into `root` what a local platform serves from a folder of prompts. */
export async function pullFrom(dir, root) {
  const platform = await startPlatform({ dir });
  const silent = { write: (_, done) => done?.() ?? true };
  const code = await runCli(["pull", "--quiet", "--cwd", root], {
    cwd: root,
    env: platform.env,
    stdout: silent,
    stderr: process.stderr,
    stdin: process.stdin,
    signal: new AbortController().signal,
  });
  await platform.close();
  if (code !== 0) throw new Error(`scope-gen pull ended with ${code}`);
}
