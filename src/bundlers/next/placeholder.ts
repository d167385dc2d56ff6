import { lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegularFileSync } from "../../files/read-file.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";

/** What every `scope:` import is an alias of. The loader gives it its content, by the query. */
export const PLACEHOLDER = "import.scope-prompt";
/** The rest of the query is what an import says after `scope:`. */
export const NAME_QUERY = "?name=";
/** The rest of the query is the path of a file that prompt modules import, from the placeholder's folder. */
export const SHARED_QUERY = "?shared=";

const FILES = {
  [PLACEHOLDER]:
    "Every scope: import of this Next project resolves to this file, with its name as the query.\n",
  ".gitignore": "*\n",
  "package.json": `${JSON.stringify({ private: true, type: "module", sideEffects: false }, null, 2)}\n`,
};

/** The folder for what only Next needs, in the Next project: Turbopack's aliases reach no further. */
export function nextFolder(dir: string): string {
  return join(dir, GENERATED_FOLDER, "next");
}

/**
 * Makes sure that the placeholder is there: without it an import compiles, and fails in the running server. A link in
 * its place is removed, since what is written would land wherever somebody let it lead.
 */
export function writePlaceholder(dir: string): void {
  const folder = nextFolder(dir);
  for (const one of [join(dir, GENERATED_FOLDER), folder]) if (isLink(one)) rmSync(one);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(folder, name);
    if (isLink(file)) rmSync(file);
    // Written again it would look changed to whoever watches.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined || readRegularFileSync(file) !== text)
      writeFileSync(file, text);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
