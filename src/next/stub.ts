import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED_FOLDER } from "../build/modules/module-names.ts";

/** What every `scope:` import is an alias of. The loader gives it its content, by the query. */
export const STUB = "import.scope-prompt";
/** The rest of the query is what an import says after `scope:`. */
export const NAME_QUERY = "?name=";
/** The rest of the query is the path of a file that prompt modules import, from the stub's folder. */
export const SHARED_QUERY = "?shared=";

const FILES = {
  [STUB]: "Every scope: import of this Next project resolves to this file, with its name as the query.\n",
  ".gitignore": "*\n",
  "package.json": `${JSON.stringify({ private: true, type: "module", sideEffects: false }, null, 2)}\n`,
};

/** The folder for what only Next needs, in the Next project: Turbopack's aliases reach no further. */
export function nextFolder(dir: string): string {
  return join(dir, GENERATED_FOLDER, "next");
}

/** Makes sure that the stub is there: without it an import compiles, and fails in the running server. */
export function writeStub(dir: string): void {
  const folder = nextFolder(dir);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(folder, name);
    // Written again it would look changed to whoever watches.
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  }
}
