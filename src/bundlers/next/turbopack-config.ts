import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import { isOlder } from "../../project/config/package-manager.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import type { LoaderOptions } from "./loader.ts";
import { NAME_QUERY, PLACEHOLDER, writePlaceholder } from "./placeholder.ts";

type TurbopackOptions = NonNullable<NextConfig["turbopack"]>;

/**
 * Adds the alias of `scope:` imports and the loader that fills them, for the Turbopack of the project's Next; the newest
 * if it isn't found.
 *
 * @param dir of the Next project
 * @param server where the loader sends its questions
 */
export function withTurbopackPrompts(config: NextConfig, dir: string, server: string): NextConfig {
  writePlaceholder(dir);
  const add = (own: TurbopackOptions | undefined): TurbopackOptions => ({
    ...own,
    resolveAlias: {
      ...own?.resolveAlias,
      "scope:*": `./${GENERATED_FOLDER}/next/${PLACEHOLDER}${NAME_QUERY}*`,
    },
    rules: {
      ...own?.rules,
      [`*${PLACEHOLDER.slice(PLACEHOLDER.indexOf("."))}`]: loaderRule(server, dir),
    },
  });
  if (!isOlder(dir, "next", [15, 3])) return { ...config, turbopack: add(config.turbopack) };
  const experimental = config.experimental as { turbo?: TurbopackOptions } | undefined;
  return { ...config, experimental: { ...experimental, turbo: add(experimental?.turbo) } as object };
}

/** Next 16 accepts a list of rules with conditions; Next 15 accepts only an object of conditions. */
function loaderRule(server: string, dir: string): NonNullable<TurbopackOptions["rules"]>[string] {
  const loader = fileURLToPath(new URL("./next-loader.js", import.meta.url));
  const rule = (browser: boolean) => ({
    // The server's address is different each time, so what a disk cache has from the last run is requested again.
    loaders: [{ loader, options: { server, browser } satisfies LoaderOptions }],
    // Regardless of what the project's package.json says about .js files.
    as: "*.mjs",
  });
  if (isOlder(dir, "next", [16, 0])) return { browser: rule(true), default: rule(false) } as object;
  return [
    { ...rule(true), condition: "browser" },
    { ...rule(false), condition: { not: "browser" } },
  ];
}
