import { join, relative } from "node:path";
import { PLACEHOLDER, SHARED_QUERY } from "./placeholder.ts";

/**
 * A generated module's code with its imports of the files beside it made ones of the placeholder, so that it can take
 * the placeholder's place. Only the head is read: further down such a line may be part of a prompt.
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
