import { dirname, relative } from "node:path";
import { parseJsonc, valueAt } from "../project-files/jsonc.ts";
import { addToList } from "./edit-jsonc.ts";

/**
 * Adds a file or a folder to what a tsconfig includes, in its own layout and with its comments. Undefined where the tsconfig
 * takes its rules from another: an own rule would replace all of these.
 *
 * @param config absolute path of the tsconfig
 */
export function includeFile(text: string, config: string, file: string): string | undefined {
  const root = parseJsonc(text);
  const keys = ["include", "files"].filter((one) => valueAt(root, one) !== undefined);
  // A list of files takes no folder.
  const key = keys[0] === "files" && !/\.[cm]?ts$/.test(file) ? "include" : keys[0];
  const path = relative(dirname(config), file).replaceAll("\\", "/");
  return key === undefined ? undefined : addToList(text, [key], [path]);
}
