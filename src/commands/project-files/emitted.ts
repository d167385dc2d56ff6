import { dirname, join } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { glob } from "tinyglobby";
import { readTextIfThere } from "../../files/write-file.ts";
import { IMPORT_MAP, readEmitted } from "../../project/discovery/emitted-modules.ts";
import type { Tool } from "./tools.ts";

/** A map that `scope-gen emit` writes, or a specifier that is mapped to one of its files. */
const NAMES_EMITTED = /(?:jest\.map|import-map|tsconfig\.paths)\.json|["'^]scope:/;

/**
 * Does a tool without a plugin find what `scope-gen emit` writes? It can through its settings, which may be in
 * package.json, through `paths` of the tsconfig that it reads, or through relative imports, once there's something to
 * import.
 */
export async function findsEmitted(root: string, { emits }: Tool, config: string, packageJson: string) {
  if (emits === "relative") return hasEmitted(root);
  if (emits === "map") return NAMES_EMITTED.test(config) || NAMES_EMITTED.test(packageJson);
  if (await mapsPrompts(join(root, "tsconfig.json"))) return true;
  // A builder for Angular accepts esbuild plugins, in scripts that its settings name.
  const scripts = [...config.matchAll(/"([^"\n]+\.[cm]?[jt]s)"/g)].map(([, file = ""]) => join(root, file));
  const texts = await Promise.all(scripts.map(readTextIfThere));
  return texts.some((text) => text?.includes("unplugin-scope/esbuild"));
}

/** Did `scope-gen emit` write a folder below this one? */
async function hasEmitted(root: string): Promise<boolean> {
  const ignore = ["**/node_modules/**", "**/.scope/**", "**/.git/**"];
  const maps = await glob(`**/${IMPORT_MAP}`, { cwd: root, ignore, absolute: true });
  return maps.some((map) => readEmitted(dirname(map)) !== undefined);
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
