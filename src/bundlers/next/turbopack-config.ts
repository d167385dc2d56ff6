import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import type { LoaderOptions } from "./loader.ts";
import { NAME_QUERY, PLACEHOLDER, writePlaceholder } from "./placeholder.ts";

export interface TurbopackPrompts {
  /** Folder of the Next project. */
  readonly dir: string;
  /** Where the loader sends its questions; see {@link promptServerPath}. */
  readonly server: string;
}

interface NextVersion {
  readonly major: number;
  readonly minor: number;
}

type TurbopackOptions = NonNullable<NextConfig["turbopack"]>;

/** Adds the alias of `scope:` imports and the loader that fills them, for the Turbopack of the project's Next. */
export function withTurbopackPrompts(config: NextConfig, { dir, server }: TurbopackPrompts): NextConfig {
  writePlaceholder(dir);
  const version = nextVersion(dir);
  const add = (own: TurbopackOptions | undefined): TurbopackOptions => ({
    ...own,
    resolveAlias: {
      ...own?.resolveAlias,
      "scope:*": `./${GENERATED_FOLDER}/next/${PLACEHOLDER}${NAME_QUERY}*`,
    },
    rules: {
      ...own?.rules,
      [`*${PLACEHOLDER.slice(PLACEHOLDER.indexOf("."))}`]: loaderRule(server, version),
    },
  });
  if (!isBefore(version, 15, 3)) return { ...config, turbopack: add(config.turbopack) };
  const experimental = config.experimental as { turbo?: TurbopackOptions } | undefined;
  return { ...config, experimental: { ...experimental, turbo: add(experimental?.turbo) } as object };
}

/** Next 16 accepts a list of rules with conditions; Next 15 accepts only an object of conditions. */
function loaderRule(
  server: string,
  version: NextVersion | undefined,
): NonNullable<TurbopackOptions["rules"]>[string] {
  const loader = fileURLToPath(new URL("./next-loader.js", import.meta.url));
  const rule = (browser: boolean) => ({
    // The server's address is different each time, so what a disk cache has from the last run is requested again.
    loaders: [{ loader, options: { server, browser } satisfies LoaderOptions }],
    // Regardless of what the project's package.json says about .js files.
    as: "*.mjs",
  });
  if (isBefore(version, 16, 0)) return { browser: rule(true), default: rule(false) } as object;
  return [
    { ...rule(true), condition: "browser" },
    { ...rule(false), condition: { not: "browser" } },
  ];
}

function isBefore(version: NextVersion | undefined, major: number, minor: number): boolean {
  if (version === undefined) return false;
  return version.major < major || (version.major === major && version.minor < minor);
}

/** The version of Next that a project has; undefined if none is found. */
function nextVersion(dir: string): NextVersion | undefined {
  let file: string;
  try {
    file = createRequire(join(dir, "next.config.js")).resolve("next/package.json");
  } catch {
    // Not installed where Node looks. The config is made for the newest version.
    return undefined;
  }
  const [major, minor] = String(JSON.parse(readFileSync(file, "utf8")).version)
    .split(".")
    .map(Number);
  return major === undefined || minor === undefined ? undefined : { major, minor };
}
