import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import { GENERATED_FOLDER } from "../build/module-store.ts";
import type { LoaderOptions } from "./loader.ts";

/** What every `scope:` import is an alias of. The loader gives it its content, by the query. */
const STUB = "import.scope-prompt";
const STUB_TEXT =
  "Every scope: import of this Next project resolves to this file, with its name as the query.\n";

export interface TurbopackPrompts {
  /** Folder of the Next project. */
  readonly dir: string;
  /** Where the loader asks; see {@link promptServerPath}. */
  readonly server: string;
}

/** Adds the alias of `scope:` imports and the loader that fills them, for Turbopack. */
export function withTurbopackPrompts(config: NextConfig, { dir, server }: TurbopackPrompts): NextConfig {
  writeStub(dir);
  const loader = fileURLToPath(new URL("./next-loader.js", import.meta.url));
  const rule = (browser: boolean) => ({
    condition: browser ? ("browser" as const) : { not: "browser" as const },
    // The server's address is another one each time: what a cache on disk holds of the last run is asked for anew.
    loaders: [{ loader, options: { server, browser } satisfies LoaderOptions }],
    // Whatever the project's own package.json says of .js files.
    as: "*.mjs",
  });
  return {
    ...config,
    turbopack: {
      ...config.turbopack,
      resolveAlias: {
        ...config.turbopack?.resolveAlias,
        "scope:*": `./${GENERATED_FOLDER}/next/${STUB}?name=*`,
      },
      rules: { ...config.turbopack?.rules, [`*${STUB.slice(STUB.indexOf("."))}`]: [rule(true), rule(false)] },
    },
  };
}

/** The folder for what only Next needs, in the Next project: Turbopack's aliases reach no further. */
export function nextFolder(dir: string): string {
  return join(dir, GENERATED_FOLDER, "next");
}

function writeStub(dir: string): void {
  const folder = nextFolder(dir);
  mkdirSync(folder, { recursive: true });
  writeOnce(join(folder, ".gitignore"), "*\n");
  writeOnce(join(folder, STUB), STUB_TEXT);
}

/** Written again it would look changed to whoever watches. */
function writeOnce(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}
