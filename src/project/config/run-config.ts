import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { searchedFolders } from "./config-files.ts";
import { defineConfig } from "./options.ts";

/**
 * What a config in TypeScript or JavaScript exports. Throws what the config throws.
 *
 * @param useCompileCache can jiti keep compiled configs with the installed packages?
 */
export async function runConfig(file: string, text: string, useCompileCache: boolean): Promise<unknown> {
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
  return await (evaluated?.default ?? evaluated);
}
