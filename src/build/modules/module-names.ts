import { basename } from "node:path";
import type { ResolvedImport } from "../../config/specifier.ts";
import { refFileBase } from "../../files/safe-name.ts";

/** Name of the folder of generated modules beside the config. Deleting it is always safe. */
export const GENERATED_FOLDER = ".scope";

/** Name of the helper module that lies beside the generated ones and is bundled with them. */
export const HELPER_FILE = "helper.js";

/** Name of a module's file, without form and ending. */
export function moduleName(request: ResolvedImport): string {
  const escaping = request.escape === "html" ? "+html" : "";
  const dialect = request.syntax === "mustache" ? `+mustache${escaping}` : "";
  return `${refFileBase(request.ref)}${dialect}${request.live ? "+live" : ""}`;
}

/** The name that {@link moduleName} gave, from a file of the module in whatever form. */
export function moduleNameOf(file: string): string {
  return basename(file)
    .replace(/\.js$/, "")
    .replace(/\+(?:vite|webpack)[a-z-]*$/, "");
}
