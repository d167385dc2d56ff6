import { dirname, join } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { glob } from "tinyglobby";
import { readTextIfThere } from "../../files/write-file.ts";
import { IMPORT_MAP, readEmitted } from "../../project/discovery/emitted-modules.ts";
import type { Tool } from "./tools.ts";

/** A folder that `scope-gen emit` wrote. */
export interface EmittedFolder {
  /** Absolute. */
  readonly folder: string;
  /** Specifiers as spelled in the code, each with its file, absolute. */
  readonly files: ReadonlyMap<string, string>;
}

/** The folders below this one that `scope-gen emit` wrote. */
export async function emittedFolders(root: string): Promise<readonly EmittedFolder[]> {
  const ignore = ["**/node_modules/**", "**/.scope/**", "**/.git/**"];
  const maps = await glob(`**/${IMPORT_MAP}`, { cwd: root, ignore, absolute: true });
  return maps.sort().flatMap((map) => {
    const files = readEmitted(dirname(map));
    return files === undefined ? [] : [{ folder: dirname(map), files }];
  });
}

/** A map that `scope-gen emit` writes, or a specifier that is mapped to one of its files. */
const NAMES_EMITTED = /(?:jest\.map|import-map|tsconfig\.paths)\.json|["'^]scope:/;

/**
 * Does a tool without a plugin find what `scope-gen emit` writes? It can through its settings, which may be in
 * package.json, through `paths` of the tsconfig that it reads, or through relative imports, once there's something to
 * import.
 */
export async function findsEmitted(root: string, { name, emits }: Tool, config: string, packageJson: string) {
  if (emits === "relative") return (await emittedFolders(root)).length > 0;
  if (emits === "map") return NAMES_EMITTED.test(config) || NAMES_EMITTED.test(packageJson);
  if (name !== "Angular") return mapsPrompts(join(root, "tsconfig.json"));
  // A builder for Angular accepts esbuild plugins.
  const scripts = [...config.matchAll(/"([^"\n]+\.[cm]?[jt]s)"/g)].map(([, file = ""]) => join(root, file));
  const texts = await Promise.all(scripts.map(readTextIfThere));
  if (texts.some((text) => text?.includes("unplugin-scope/esbuild"))) return true;
  const named = [...config.matchAll(/"tsConfig"\s*:\s*"([^"\n]+)"/g)].map(([, path = ""]) => path);
  const tsconfigs = named.filter((path) => !path.includes("spec"));
  const mapped = await Promise.all(tsconfigs.map((path) => mapsPrompts(join(root, path))));
  return tsconfigs.length > 0 && mapped.every(Boolean);
}

/** Does a tsconfig have the specifiers of emitted files under `paths`? */
export async function mapsPrompts(tsconfig: string): Promise<boolean> {
  const text = await readTextIfThere(tsconfig);
  if (text === undefined) return false;
  try {
    const paths = parseTsconfig(tsconfig).compilerOptions?.paths;
    return Object.keys(Object(paths)).some((key) => key.startsWith("scope:"));
  } catch (error) {
    // What it extends, or what that extends, is missing, as emitted files can be.
    return NAMES_EMITTED.test(text) || NAMES_EMITTED.test(String(error));
  }
}
