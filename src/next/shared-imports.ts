import { join, relative } from "node:path";
import { SHARED_QUERY, STUB } from "./stub.ts";

/**
 * A generated module's code with its imports of the files beside it made ones of the stub, so that it can take
 * the stub's place. Only the head is read: further down such a line may be part of a prompt.
 *
 * @param folder of the module
 * @param stubFolder folder of the stub
 */
export function withSharedImports(code: string, folder: string, stubFolder: string): string {
  const lines = code.split("\n");
  for (const [index, line] of lines.entries()) {
    if (!/^(?:import |\/\/|\/\*.*\*\/$|$)/.test(line)) break;
    lines[index] = line.replace(/^(import .* from )"\.\/([\w.+-]+)";$/, (_, start, name) => {
      const path = relative(stubFolder, join(folder, name)).replaceAll("\\", "/");
      return `${start}${JSON.stringify(`./${STUB}${SHARED_QUERY}${path}`)};`;
    });
  }
  return lines.join("\n");
}
