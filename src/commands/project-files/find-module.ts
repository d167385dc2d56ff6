import { realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMissing, readTextIfThere } from "../../files/write-file.ts";
import type { TextFile } from "./first-file.ts";
import { packageOf } from "./tools/tools.ts";

/** A package as a file of the project finds it. */
interface FoundPackage {
  /** Its folder is outside every node_modules, like a workspace's own package. */
  readonly isLinked: boolean;
  /** Its package.json depends on unplugin-scope. */
  readonly needsScope: boolean;
}

/** The package that a bare specifier means for a file in `folder`; undefined if it isn't installed. */
export async function findPackage(folder: string, module: string): Promise<FoundPackage | undefined> {
  const name = packageOf(module);
  for (let at = folder; ; at = dirname(at)) {
    const place = await realpathIfThere(join(at, "node_modules", name));
    const text = place === undefined ? undefined : await readTextIfThere(join(place, "package.json"));
    if (place !== undefined && text !== undefined) {
      return {
        isLinked: !/[\\/]node_modules[\\/]/.test(place),
        needsScope: text.includes('"unplugin-scope"'),
      };
    }
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The script that a specifier, or an absolute path without its extension, means for `file`; undefined if there is none.
 * The path has all links resolved. A folder means its index, and `x.js` means the `x.ts` that compiles to it.
 */
export async function findScript(file: string, module: string): Promise<TextFile | undefined> {
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  const url = createJiti(file, { fsCache: false }).esmResolve(module, { try: true });
  const path = url?.startsWith("file:") ? await realpathIfThere(fileURLToPath(url)) : undefined;
  const text = path === undefined || !/\.[cm]?[jt]s$/.test(path) ? undefined : await readTextIfThere(path);
  return path === undefined || text === undefined ? undefined : { file: path, text };
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
