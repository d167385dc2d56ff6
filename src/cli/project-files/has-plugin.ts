import { dirname, join, resolve } from "node:path";
import { readTextIfThere } from "../../snapshot/write-file.ts";
import { callsOf, importedModules } from "./imported-names.ts";
import { type ScriptToken, scriptTokens } from "./script-tokens.ts";

/** From the config to what it imports, and on to what that imports: further away nobody keeps plugins. */
const MOST_HOPS = 2;

/** What a config file does for its tool, and the files of the project that it takes settings from. */
export interface PluginSearch {
  readonly hasPlugin: boolean;
  /** Absolute paths: the file itself and what it imports, and so on. */
  readonly files: readonly string[];
}

/**
 * Is this package's plugin in a config: imported from the entry of its tool, and called, there or in a file of the
 * project that the config imports?
 *
 * @param file absolute
 */
export async function searchPlugin(file: string, text: string, entry: string): Promise<PluginSearch> {
  const files = [file];
  const visit = async (path: string, code: string, hops: number): Promise<boolean> => {
    const tokens = scriptTokens(code);
    // What cannot be read for sure gets the benefit of the doubt.
    if (tokens === undefined) return code.includes(entry);
    if (callsPlugin(tokens, entry)) return true;
    if (hops === MOST_HOPS) return false;
    for (const module of importedModules(tokens)) {
      const found = await readModule(dirname(path), module);
      if (found === undefined || files.includes(found.file)) continue;
      files.push(found.file);
      if (await visit(found.file, found.text, hops + 1)) return true;
    }
    return false;
  };
  return { hasPlugin: await visit(file, text, 0), files };
}

/** Does a script call the plugin of an entry, or the raw instance's for the same tool? */
function callsPlugin(tokens: readonly ScriptToken[], entry: string): boolean {
  const tool = entry.slice(entry.indexOf("/") + 1);
  if (callsOf(tokens, entry, [tool === "next" ? "withScope" : "default"]).length > 0) return true;
  // `import { unplugin } from "unplugin-scope"; unplugin.vite()`
  return (
    tokens.some(
      ({ value }, index) =>
        value === tool && tokens[index - 1]?.value === "." && tokens[index + 1]?.value === "(",
    ) && importedModules(tokens).includes("unplugin-scope")
  );
}

const EXTENSIONS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

async function readModule(
  folder: string,
  module: string,
): Promise<{ file: string; text: string } | undefined> {
  if (!module.startsWith(".")) return undefined;
  const path = resolve(folder, module);
  // TypeScript is imported under the name of what it compiles to.
  const typescript = /\.[cm]?js$/.test(path) ? [path.replace(/js$/, "ts")] : [];
  const names = [
    ...EXTENSIONS.map((extension) => path + extension),
    ...typescript,
    ...EXTENSIONS.slice(1).map((extension) => join(path, `index${extension}`)),
  ];
  for (const file of names) {
    if (!/\.[cm]?[jt]s$/.test(file)) continue;
    const text = await readTextIfThere(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}
