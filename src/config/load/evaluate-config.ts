import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { defineConfig } from "../define-config.ts";
import { readLiteralConfig } from "./read-literal-config.ts";

export interface EvaluatedConfig {
  readonly value: unknown;
  /** It is not one literal, and was run: what it says may come from anywhere. */
  readonly wasRun: boolean;
}

/**
 * What a config in TypeScript or JavaScript exports.
 *
 * @param useCompileCache may jiti keep the compiled config beside the installed packages?
 * @throws what the config throws
 */
export async function evaluateConfig(
  file: string,
  source: string,
  useCompileCache: boolean,
): Promise<EvaluatedConfig> {
  const literal = readLiteralConfig(source);
  if (literal !== undefined) return { value: literal, wasRun: false };
  return { value: await run(file, source, useCompileCache), wasRun: true };
}

async function run(file: string, source: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported, as cosmiconfig is.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a node_modules folder jiti would keep compiled code in a temporary folder that others may write to.
  const fsCache = useCompileCache && existsSync(join(dirname(file), "node_modules"));
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that need not be installed beside them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  // Imported or required, Node itself would load some of these, and keep what they were as long as the process lives.
  const ext = extname(file);
  const evaluated = await jiti.evalModule(source, {
    id: file,
    filename: file,
    ext,
    async: true,
    forceTranspile: true,
  });
  return (evaluated as { readonly default?: unknown } | undefined)?.default ?? evaluated;
}
