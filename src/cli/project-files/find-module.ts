import { realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isMissing, readTextIfThere } from "../../files/write-file.ts";
import { packageOf } from "./tool-modules.ts";

/** A script of the project, or of a package. */
export interface FoundScript {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** A package as a file of the project finds it. */
interface FoundPackage {
  /** Its folder lies outside of every node_modules, as that of a workspace's own package does. */
  readonly isLinked: boolean;
  /** Its package.json names unplugin-scope among what it needs. */
  readonly needsScope: boolean;
}

const EXTENSIONS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/**
 * The script that a relative specifier means, a folder standing for its index.
 *
 * @param base of the file that is looked for in a folder, without extension
 */
export async function findBeside(
  folder: string,
  module: string,
  base = "index",
): Promise<FoundScript | undefined> {
  const path = resolve(folder, module);
  // TypeScript is imported under the name of what it compiles to.
  const typescript = /\.[cm]?js$/.test(path) ? [path.replace(/js$/, "ts")] : [];
  const names = [
    ...EXTENSIONS.map((extension) => path + extension),
    ...typescript,
    ...EXTENSIONS.slice(1).map((extension) => join(path, base + extension)),
  ];
  for (const file of names) {
    const found = await readScript(file);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The package that a bare specifier means for a file in `folder`; undefined where it is not installed. */
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

/** The script that a bare specifier means for `file`, as Node finds it; undefined where it finds none. */
export async function findInPackage(file: string, module: string): Promise<FoundScript | undefined> {
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
  const url = createJiti(file, { fsCache: false }).esmResolve(module, { try: true });
  const path = url?.startsWith("file:") ? await realpathIfThere(fileURLToPath(url)) : undefined;
  return path === undefined ? undefined : readScript(path);
}

async function readScript(file: string): Promise<FoundScript | undefined> {
  if (!/\.[cm]?[jt]s$/.test(file)) return undefined;
  const text = await readTextIfThere(file);
  return text === undefined ? undefined : { file, text };
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
