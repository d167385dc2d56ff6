import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { digestOf } from "../../files/stable-json.ts";
import { searchedFolders } from "./config-files.ts";
import { defineConfig, type Options, withJsonSchemas } from "./options.ts";

/** What one build has run, by file and text: whatever else a config does, such as logging, it does once. */
export type RanConfigs = Map<string, Promise<unknown>>;

interface RunConfigInput {
  /** Can jiti keep compiled configs with the installed packages? Default true. */
  readonly useCompileCache?: boolean | undefined;
  /** Default: nothing has been run. */
  readonly ran?: RanConfigs | undefined;
}

/** What a config in TypeScript or JavaScript exports. Throws what the config throws. */
export function runConfig(
  file: string,
  text: string,
  { useCompileCache = true, ran = new Map() }: RunConfigInput,
): Promise<unknown> {
  const key = `${file}\n${text}`;
  const value = ran.get(key) ?? evaluateFile(file, text, useCompileCache);
  ran.set(key, value);
  return value;
}

/** The digest of what a config gave; empty if it holds what isn't kept in any file. */
export function digestOfConfig(value: unknown): string {
  const { credentials, cacheStore } = Object(value) as Options;
  if (credentials !== undefined || cacheStore !== undefined) return "";
  try {
    return digestOf(JSON.stringify(value, (_, part) => (typeof part === "function" ? String(part) : part)));
  } catch {
    // The check of the options says what's wrong.
    return "";
  }
}

async function evaluateFile(file: string, text: string, useCompileCache: boolean): Promise<unknown> {
  // Required, not imported: Next's webpack reads everything that its config imports, and warns about what it finds
  // there.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  // Without a folder, jiti would keep compiled code in a temporary folder that others can write to.
  const installed = searchedFolders(dirname(file)).map((folder) => join(folder, "node_modules"));
  const nearest = useCompileCache ? installed.find((folder) => existsSync(folder)) : undefined;
  const fsCache = nearest === undefined ? false : join(nearest, ".cache", "jiti");
  const jiti = createJiti(file, {
    fsCache,
    moduleCache: false,
    interopDefault: true,
    // Configs import this from a package that may not be installed next to them, and whose entry is far larger.
    virtualModules: { "unplugin-scope": { defineConfig } },
  });
  const options = {
    id: file,
    filename: file,
    ext: extname(file),
    async: true,
    forceTranspile: true,
  } as const;
  // If imported or required, Node itself would load some of these, and cache them for the life of the process.
  const evaluated = (await jiti.evalModule(text, options)) as { readonly default?: unknown } | undefined;
  return withJsonSchemas(await (evaluated?.default ?? evaluated));
}
