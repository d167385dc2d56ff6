import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { cleanEnv, ROOT } from "../support/run.ts";

export interface PlatformProcess extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** The local platform in a process of its own, so that it takes no turn from what is measured. */
export async function platformProcess(dir: string): Promise<PlatformProcess> {
  const program = join(ROOT, "bin", "scope-gen.js");
  const child = spawn(process.execPath, [program, "serve", dir, "--port", "0", "--json", "--quiet"], {
    env: cleanEnv(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.endsWith("}\n")) break;
  }
  return {
    env: JSON.parse(text).env,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
