import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import { GENERATED_FOLDER } from "../build/module-store.ts";
import type { LoaderOptions } from "./loader.ts";
import { NAME_QUERY, STUB, writeStub } from "./stub.ts";

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
        "scope:*": `./${GENERATED_FOLDER}/next/${STUB}${NAME_QUERY}*`,
      },
      rules: { ...config.turbopack?.rules, [`*${STUB.slice(STUB.indexOf("."))}`]: [rule(true), rule(false)] },
    },
  };
}
