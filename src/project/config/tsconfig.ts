import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import {
  createFilesMatcher,
  parseTsconfig,
  type TsConfigJson,
  type TsConfigJsonResolved,
} from "get-tsconfig";
import { type ParseError, parse } from "jsonc-parser";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { readIfThere } from "../../files/read-file.ts";
import { sharedTypesFile } from "../types/types-place.ts";
import { searchedFolders } from "./config-files.ts";
import { detectPackageManager, manifestAt, packagesOf, runnerOf } from "./package-manager.ts";
import type { ResolvedOptions } from "./types.ts";

/**
 * Finds the tsconfigs whose program has a file: in the nearest folder above it, up to the lock file, `tsconfig.json` and what
 * that references, or else another `tsconfig*.json`. Loads no compiler: that takes longer than everything else.
 *
 * @throws ConfigurationError `tsconfig_invalid`
 */
export function tsconfigFinder() {
  const read = new Map<string, ReadConfig>();
  const paths = new Map<string, readonly string[]>();
  const above = (file: string) => {
    const folder = dirname(file);
    const found = paths.get(folder) ?? searchedFolders(folder).flatMap(tsconfigsIn);
    paths.set(folder, found);
    return found;
  };
  /** A tsconfig and everything that it references: the set grows while it is walked. */
  const load = (first: string): readonly ReadConfig[] => {
    const paths = new Set([first]);
    for (const path of paths) {
      const found = read.get(path) ?? readConfig(path);
      read.set(path, found);
      for (const reference of found.config?.references ?? []) {
        const target = resolve(dirname(path), reference.path);
        paths.add(target.endsWith(".json") ? target : join(target, "tsconfig.json"));
      }
    }
    return [...paths].flatMap((path) => read.get(path) ?? []);
  };
  const nearest = (file: string): readonly ReadConfig[] => {
    // A component is code for the tools that check it, and they see it if they see its folder.
    const script = /\.(?:vue|svelte|astro)$/.test(file) ? `${file}.ts` : file;
    for (const path of above(file)) {
      const configs = load(path);
      const seeing = configs.filter(({ sees }) => sees?.(script));
      // What can't be read may be the one.
      if (seeing.length > 0 || configs.some(({ sees }) => sees === undefined)) return seeing;
    }
    return [];
  };
  return { above, load, nearest };
}

function tsconfigsIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const all = [/^tsconfig\.json$/, /^tsconfig\..+\.json$/, /^jsconfig\.json$/];
  return all.flatMap((name) => names.filter((one) => name.test(one)).map((one) => join(folder, one)));
}

/**
 * The tsconfigs that have to include the types.
 *
 * @param folders of packages, absolute
 * @param users absolute paths of what imports prompts
 * @returns the tsconfigs that see one of these; if there are none in a folder, its own that includes the types or is to be
 *   fixed. `path`: what it has to include. `excludedBy`: the line that excludes it. `why`: what keeps us from knowing, as the
 *   end of a sentence that begins with its name. Nothing without a tsconfig or types
 * @throws ConfigurationError `tsconfig_invalid`
 */
export function inclusions(
  folders: readonly string[],
  { dts }: Pick<ResolvedOptions, "dts">,
  users: readonly string[] = [],
) {
  if (dts === false) return [];
  const file = sharedTypesFile(dts);
  const { load, nearest } = tsconfigFinder();
  const found = new Set<ReadConfig>();
  for (const folder of folders) {
    const own = users.filter((user) => resolve(user).startsWith(join(folder, sep)));
    const seeing = own.flatMap(nearest);
    for (const one of seeing) found.add(one);
    const tsconfig = join(folder, "tsconfig.json");
    if (seeing.length > 0 || !existsSync(tsconfig)) continue;
    const configs = load(tsconfig);
    // A solution file has no files itself: it only references configs that do.
    const isSolution = ({ config }: ReadConfig) =>
      config?.files?.length === 0 && config.include === undefined;
    const chosen =
      configs.find(({ sees }) => sees?.(file)) ??
      configs.find(({ why }) => why !== undefined) ??
      configs.find((one) => !isSolution(one));
    found.add(chosen ?? { path: tsconfig });
  }
  return [...found].map(({ path: config, sees, why }) => {
    const path = toPosix(relative(dirname(config), dts));
    const isIncluded = sees?.(file) === true;
    return { config, path, isIncluded, why, excludedBy: isIncluded ? undefined : exclusion(config, file) };
  });
}

/** The pattern in `exclude` without which a tsconfig would include a file, with its line. */
function exclusion(path: string, file: string): string | undefined {
  const { config } = readConfig(path);
  const { exclude = [] } = config ?? {};
  const pattern = exclude.find((one) => {
    const others = exclude.filter((other) => other !== one);
    return createFilesMatcher({ path, config: { ...config, exclude: others } })(file) !== undefined;
  });
  const lines = readIfThere(path)?.toString().split("\n") ?? [];
  const line = lines.findIndex((one) => one.includes(`"${pattern}"`)) + 1;
  return pattern && (line > 0 ? `line ${line} ("${pattern}")` : `"${pattern}" in what it extends`);
}

/** Would `tsc` compile a file into the project's output, whether or not the file exists? */
export function isEmitted(tsconfig: string, file: string): boolean {
  const { config, sees } = readConfig(tsconfig);
  return config?.compilerOptions?.noEmit !== true && sees?.(file) === true;
}

interface ReadConfig {
  readonly path: string;
  /** Merged with what it extends; if that can't be read, its own rules, if it has any. */
  readonly config?: TsConfigJsonResolved | undefined;
  /** Is a file, whether or not it exists, in its program? Undefined if that isn't known. */
  readonly sees?: ((file: string) => boolean) | undefined;
  /** Why it isn't known, as the end of a sentence that begins with its name. */
  readonly why?: string | undefined;
}

function readConfig(path: string): ReadConfig {
  let text: string;
  try {
    text = readIfThere(path)?.toString() ?? "";
  } catch (cause) {
    throw new ConfigurationError("This tsconfig can't be read, so we don't know what it includes.", {
      code: "tsconfig_invalid",
      where: { file: path },
      hint: "Check that it's a file, and its permissions.",
      cause,
    });
  }
  const own = parseJsonc(text);
  if (own === undefined) return { path, why: "can't be read" };
  const known = (config: TsConfigJsonResolved, why?: string): ReadConfig => {
    const matches = createFilesMatcher({ path, config });
    return { path, config, why, sees: (file) => matches(file) !== undefined };
  };
  try {
    return known(parseTsconfig(path));
  } catch (error) {
    // Its own file exists and is valid, so the problem is in one that it extends.
    const why = `extends a file that can't be read: ${(error as Error).message.replace(/\.$/, "")}`;
    const { extends: _, ...config } = own as TsConfigJson;
    return config.include === undefined && config.files === undefined ? { path, why } : known(config, why);
  }
}

/** What a JSON text with comments and trailing commas says; undefined for any other text. */
function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}

/** The command that type-checks a project, such as `npx vue-tsc -b`: `-b` if the tsconfig only has references. */
export function typeCheckCommand(folder: string): string {
  const runner = runnerOf(detectPackageManager(folder));
  const packages = packagesOf(manifestAt(folder));
  if (packages.has("svelte-check")) return `${runner} svelte-check`;
  if (packages.has("@astrojs/check")) return `${runner} astro check`;
  const tsconfig = parseJsonc(readIfThere(join(folder, "tsconfig.json"))?.toString() ?? "{}");
  const { files, include, references } = Object(tsconfig);
  const isSolution = references !== undefined && include === undefined && Object(files).length === 0;
  return `${runner} ${packages.has("vue-tsc") ? "vue-tsc" : "tsc"} ${isSolution ? "-b" : "--noEmit"}`;
}
