import { lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { toPosix } from "../../errors/printable.ts";
import { readRegularFileSync } from "../../files/read-file.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";

/** Every `scope:` import is an alias of this file. The loader fills it by the query. */
export const PLACEHOLDER = "import.scope-prompt";
/** The rest of the query is what an import says after `scope:`. */
export const NAME_QUERY = "?name=";
/** The rest of the query is the path, relative to the placeholder's folder, of a file that prompt modules import. */
export const SHARED_QUERY = "?shared=";

const FILES = {
  [PLACEHOLDER]:
    "Every scope: import of this Next project resolves to this file, with its name as the query.\n",
  ".gitignore": "*\n",
  "package.json": `${JSON.stringify({ private: true, type: "module", sideEffects: false }, null, 2)}\n`,
};

/** The folder for what only Next needs. It's in the Next project because Turbopack's aliases don't reach outside it. */
export function nextFolder(dir: string): string {
  return join(dir, GENERATED_FOLDER, "next");
}

/** How a module imports a file that modules share, when its code is in the placeholder's place. */
export function sharedImport(file: string, dir: string): string {
  return `./${PLACEHOLDER}${SHARED_QUERY}${toPosix(relative(nextFolder(dir), file))}`;
}

/**
 * Makes sure that the placeholder exists: without it an import compiles, but fails in the running server. A link at its
 * path is removed, since a write would follow it to wherever it points.
 */
export function writePlaceholder(dir: string): void {
  const folder = nextFolder(dir);
  for (const one of [join(dir, GENERATED_FOLDER), folder]) if (isLink(one)) rmSync(one);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(folder, name);
    if (isLink(file)) rmSync(file);
    // Writing it again would look like a change to a watcher.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined || readRegularFileSync(file) !== text)
      writeFileSync(file, text);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
