import { join, relative } from "node:path";
import { PLACEHOLDER, SHARED_QUERY } from "./placeholder.ts";

/**
 * A generated module's code, with its imports of files in the same folder changed to imports of the placeholder, so
 * that the code can replace the placeholder's. Reads only the head: further down, such a line can be part of a prompt.
 *
 * @param folder of the module
 * @param placeholderFolder folder of the placeholder
 */
export function withSharedImports(code: string, folder: string, placeholderFolder: string): string {
  const lines = code.split("\n");
  for (const [index, line] of lines.entries()) {
    if (!/^(?:import |\/\/|\/\*.*\*\/$|$)/.test(line)) break;
    lines[index] = line.replace(/^(import .* from )"\.\/([\w.+-]+)";$/, (_, start, name) => {
      const path = relative(placeholderFolder, join(folder, name)).replaceAll("\\", "/");
      return `${start}${JSON.stringify(`./${PLACEHOLDER}${SHARED_QUERY}${path}`)};`;
    });
  }
  return lines.join("\n");
}
