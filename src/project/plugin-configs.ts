import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readIfSound } from "../files/read-file.ts";
import { digestOf } from "../files/stable-json.ts";
import { searchedFolders } from "./config/config-files.ts";
import { installedVersion } from "./config/package-manager.ts";
import { allTokens, isCode } from "./discovery/scan-script.ts";
import { readRuns, type ToolRun } from "./tool-runs.ts";

/** The runs that count: config, if one names the plugin, and versions of tool and plugin are what they were. */
export async function currentRuns(root: string): Promise<readonly ToolRun[]> {
  return (await readRuns(root)).filter(
    ({ tool, folder, basis }) =>
      basis === basisOf(root, tool, folder) && (tool !== "emit" || existsSync(join(root, folder))),
  );
}

const PACKAGES: Readonly<Record<string, string>> = { rspack: "@rspack/core", farm: "@farmfe/core" };

/** The digest of what a run of a tool in a folder rests on. */
export function basisOf(root: string, tool: string, folder: string): string {
  const start = join(root, folder);
  const texts = ["register", "emit"].includes(tool) ? [] : pluginConfigs(start).values();
  const versions = ["unplugin-scope", PACKAGES[tool] ?? tool].map((name) => installedVersion(start, name));
  return digestOf(JSON.stringify([...versions, ...texts]));
}

/** Does code name the plugin, and use what it imports of it? A comment doesn't. */
export function usesPlugin(code: string): boolean {
  if (!code.includes("unplugin-scope/")) return false;
  const tokens = allTokens(code, false).filter(isCode);
  const at = tokens.findIndex(({ value }) => /^["']unplugin-scope\//.test(value));
  const [first, name, from] = tokens.slice(Math.max(0, at - 3), at).map(({ value }) => value);
  if (at === -1 || first !== "import" || from !== "from") return at !== -1;
  return tokens.filter(({ value }) => value === name).length > 1;
}

/** The configs and build scripts that name the plugin, by path: of a folder, or of the next above in the repository. */
export function pluginConfigs(start: string): ReadonlyMap<string, string> {
  for (const folder of searchedFolders(start)) {
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    const scripts = names.filter(
      (name) => /(?:config|build|preload)\b/.test(name) && /\.[cm]?[jt]s$/.test(name),
    );
    const files = scripts.map((name) => join(folder, name));
    const texts = files.map((file) => [file, readIfSound(file, String) ?? ""] as const);
    const naming = texts.filter(([, text]) => usesPlugin(text));
    if (naming.length > 0) return new Map(naming);
  }
  return new Map();
}
