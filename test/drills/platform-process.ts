import { join } from "node:path";
import { ROOT } from "../support/run.ts";
import { ServerProcess } from "../support/server-process.ts";

export interface PlatformProcess extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** The local platform in a process of its own, so that it takes no turn from what is measured. */
export async function platformProcess(dir: string): Promise<PlatformProcess> {
  const program = join(ROOT, "bin", "scope-gen.js");
  const server = new ServerProcess([program, "serve", dir, "--port", "0", "--json", "--quiet"], ROOT, {});
  const [text] = await server.said(/\{[\s\S]*\}\n$/);
  const stop = () => {
    server.signal("SIGTERM");
    return server.stop();
  };
  return { env: JSON.parse(text).env, [Symbol.asyncDispose]: stop };
}
