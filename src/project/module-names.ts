import { hash } from "node:crypto";
import { basename, extname } from "node:path";
import { refFileBase } from "../files/safe-name.ts";
import type { ResolvedImport } from "./config/specifier.ts";

/** Name of the folder of generated modules next to the config. Deleting it is always safe. */
export const GENERATED_FOLDER = ".scope";

/** Name of the helper module that is next to the generated ones and is bundled with them. */
export const HELPER_FILE = "helper.js";

/** Name of a module's file, without form and extension. */
export function moduleName(request: ResolvedImport): string {
  const escaping = request.escape === "html" ? "+html" : "";
  const dialect = request.syntax === "mustache" ? `+mustache${escaping}` : "";
  return `${refFileBase(request.ref)}${dialect}${request.live ? "+live" : ""}`;
}

/**
 * The name of a file with exactly this text: another build, of another version, can't put its own text there. The name
 * depends on nothing else, so a commit has the same names wherever it's built.
 *
 * @example nameByContent("hi@production.js", text) // "hi@production+a3f1c09be25d7784.js"
 */
export function nameByContent(fileName: string, text: string | Uint8Array): string {
  const ending = extname(fileName);
  const digest = hash("sha256", text, "hex").slice(0, 16);
  return `${fileName.slice(0, -ending.length)}+${digest}${ending}`;
}

/** Is this the text that {@link nameByContent} made the name from? */
export function hasNamedContent(name: string, text: string | Uint8Array): boolean {
  return nameByContent(name.replace(CONTENT, ""), text) === name;
}

const CONTENT = /\+[0-9a-f]{16}(?=\.js$)/;

/** The name that {@link moduleName} returned, from a file of the module in any form. */
export function moduleNameOf(file: string): string {
  return basename(file)
    .replace(CONTENT, "")
    .replace(/\.js$/, "")
    .replace(/\+(?:vite|webpack)[a-z-]*$/, "");
}
