import { lstatSync, readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { refFileBase } from "../files/safe-name.ts";
import { digestOf } from "../files/stable-json.ts";
import type { ResolvedImport } from "./config/specifier.ts";

/** Name of the folder of generated modules next to the config. Deleting it is always safe. */
export const GENERATED_FOLDER = ".scope";

/**
 * Is {@link GENERATED_FOLDER} below this root a link, or is there one in it? Somebody can have committed that: nothing
 * is read or written where it leads.
 */
export function isLinked(root: string): boolean {
  const folder = join(root, GENERATED_FOLDER);
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.isSymbolicLink() === true;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isSymbolicLink());
}

/** Name of the helper module that is next to the generated ones and is bundled with them. */
export const HELPER_FILE = "helper.js";

/** Matches the path of a prompt's module, in the project or in the temporary folder of a process. */
export const GENERATED = /[\\/](?:\.scope|unplugin-scope-[^\\/]+)[\\/](?:build|dev)-[^\\/]+[\\/][^\\/]+\.js$/;

/**
 * Matches imports of the files that only some modules need. A bundler that lists a folder once per build doesn't find
 * them if they're written after that. {@link HELPER_FILE} is there before the first module.
 */
export const LATE_HELPER = /^\.\/(?:answer|output|live)[\w+-]*\.js$/;

/** The path of a file that a prompt's module imports from its folder; undefined if another module imports it. */
export function helperPath(specifier: string, importer: string | undefined): string | undefined {
  if (importer === undefined || !GENERATED.test(importer)) return undefined;
  const end = Math.max(importer.lastIndexOf("/"), importer.lastIndexOf("\\")) + 1;
  return importer.slice(0, end) + specifier.slice("./".length);
}

/** Name of a module's file, without form and extension. */
export function moduleName(request: ResolvedImport): string {
  const escaping = request.escape === "html" ? "+html" : "";
  const dialect = request.syntax === "mustache" ? `+mustache${escaping}` : "";
  const { answer, live } = request;
  // Two keys can ask for one prompt with different answers.
  const answered = answer === undefined ? "" : `+${digestOf(answer.written).slice(0, 8)}`;
  return `${refFileBase(request.ref)}${dialect}${answered}${live ? "+live" : ""}`;
}

/**
 * The name of a file with exactly this text: another build, of another version, can't put its own text there. The name
 * depends on nothing else, so a commit has the same names wherever it's built.
 *
 * @example nameByContent("hi@production.js", text) // "hi@production+a3f1c09be25d7784.js"
 */
export function nameByContent(fileName: string, text: string): string {
  const ending = extname(fileName);
  return fileName.slice(0, -ending.length) + endOf(digestOf(text), ending);
}

/** Is this the name that {@link nameByContent} gives a module with that digest? */
export function isNamedByContent(fileName: string, digest: string | undefined): boolean {
  return digest !== undefined && fileName.endsWith(endOf(digest, ".js"));
}

function endOf(digest: string, ending: string): string {
  return `+${digest.slice(0, 16)}${ending}`;
}

const CONTENT = /\+[0-9a-f]{16}(?=\.js$)/;

/** The name that {@link moduleName} returned, from a file of the module in any form. */
export function moduleNameOf(file: string): string {
  return basename(file)
    .replace(CONTENT, "")
    .replace(/\.js$/, "")
    .replace(/\+(?:vite|webpack)[a-z-]*$/, "");
}
