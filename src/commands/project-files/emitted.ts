import { dirname, join } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { glob } from "tinyglobby";
import { readTextIfThere } from "../../files/write-file.ts";
import { IMPORT_MAP, readEmitted } from "../../project/discovery/emitted-modules.ts";
import { parseJsonc } from "./jsonc.ts";
import type { Tool } from "./tools/tool.ts";

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
  const found = await Promise.all(
    maps.sort().map(async (map) => ({ folder: dirname(map), files: await readEmitted(dirname(map)) })),
  );
  return found.flatMap(({ folder, files }) => (files === undefined ? [] : [{ folder, files }]));
}

/** A map that `scope-gen emit` writes, or a specifier that is mapped to one of its files. */
const NAMES_EMITTED = /(?:jest\.map|import-map|tsconfig\.paths)\.json|["'^]scope:/;

/**
 * Does a tool without a plugin find what `scope-gen emit` writes? It can through its settings, which may be in
 * package.json, through `paths` of the tsconfig that it reads, or through relative imports, once there's something to
 * import.
 */
export async function namesEmitted(
  root: string,
  { name, emits }: Tool,
  config: string | undefined,
  packageJson: string | undefined,
): Promise<boolean> {
  if (emits === "relative") return (await emittedFolders(root)).length > 0;
  if (emits === "map")
    return [config, packageJson].some((text) => text !== undefined && NAMES_EMITTED.test(text));
  // A builder for Angular accepts esbuild plugins.
  if (name === "Angular" && (await hasEsbuildPlugin(root, config ?? ""))) return true;
  const named = name === "Angular" ? tsconfigsOf(config ?? "") : [];
  const tsconfigs = named.length > 0 ? named : ["tsconfig.json"];
  const mapped = await Promise.all(tsconfigs.map((path) => mapsPrompts(join(root, path))));
  return mapped.every(Boolean);
}

/** The tsconfigs that an angular.json builds with. */
function tsconfigsOf(angularJson: string): readonly string[] {
  const named = textsUnder(angularJson, "tsConfig");
  return [...new Set(named)].filter((path) => !path.includes("spec"));
}

/** The strings under a key of an angular.json, wherever it is, and those in lists there. */
function textsUnder(angularJson: string, key: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, isMeant: boolean): void => {
    if (typeof value === "string" && isMeant) found.push(value);
    if (Array.isArray(value)) for (const one of value) visit(one, isMeant);
    else
      for (const [name, one] of Object.entries(Object(value)))
        if (typeof value === "object") visit(one, name === key);
  };
  visit(parseJsonc(angularJson), false);
  return found;
}

async function mapsPrompts(tsconfig: string): Promise<boolean> {
  const text = await readTextIfThere(tsconfig);
  if (text === undefined || parseJsonc(text) === undefined) return false;
  try {
    const paths = parseTsconfig(tsconfig).compilerOptions?.paths;
    return Object.keys(Object(paths)).some((key) => key.startsWith("scope:"));
  } catch (error) {
    // What it extends, or what that extends, is missing, as emitted files can be.
    return NAMES_EMITTED.test(text) || NAMES_EMITTED.test(String(error));
  }
}

async function hasEsbuildPlugin(root: string, angularJson: string): Promise<boolean> {
  const files = textsUnder(angularJson, "plugins").filter((path) => /\.[cm]?[jt]s$/.test(path));
  const texts = await Promise.all(files.map((file) => readTextIfThere(join(root, file))));
  return texts.some((text) => text?.includes("unplugin-scope/esbuild"));
}
