import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { defineConfig } from "../define-config.ts";
import { readLiteralConfig } from "./read-literal-config.ts";

export interface EvaluatedConfig {
  readonly value: unknown;
  /** It isn't one literal, so it was run: what it says can come from anywhere. */
  readonly wasRun: boolean;
}

/**
 * What a config in TypeScript or JavaScript exports.
 *
 * @param useCompileCache can jiti keep the compiled config with the installed packages?
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
  // Required, not imported, like cosmiconfig.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a node_modules folder, jiti would keep compiled code in a temporary folder that others can write to.
  const fsCache = useCompileCache && existsSync(join(dirname(file), "node_modules"));
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that may not be installed next to them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  // If imported or required, Node itself would load some of these, and cache them for the life of the process.
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
