import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import {
  createFilesMatcher,
  parseTsconfig,
  type TsConfigJson,
  type TsConfigJsonResolved,
} from "get-tsconfig";
import { type ParseError, parse } from "jsonc-parser";
import { ConfigurationError } from "../../errors/classes.ts";
import { readIfThere } from "../../files/read-file.ts";
import {
  detectPackageManager,
  manifestAt,
  packagesOf,
  runnerOf,
} from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { someTypesFile } from "../../project/types/types-place.ts";

/**
 * Does a package's tsconfig, or one that it references, include the types? Loads no compiler: that takes longer than
 * everything else.
 *
 * @param folder of the package, absolute
 * @param users absolute paths of what imports prompts: each tsconfig that includes one of these has to include the types
 * @returns these tsconfigs; if there are none, the one that includes the types or is to be fixed. `path`: what it has to
 *   include. `excludedBy`: the line that excludes it. `why`: what keeps us from knowing, as the end of a sentence that
 *   begins with its name. Nothing without a tsconfig or types
 * @throws ConfigurationError `tsconfig_unreadable`
 */
export function inclusions(
  folder: string,
  { dts }: Pick<ResolvedOptions, "dts">,
  users: readonly string[] = [],
) {
  const tsconfig = join(folder, "tsconfig.json");
  if (dts === false || !existsSync(tsconfig)) return [];
  const file = someTypesFile(dts);
  const found = (config: string, isIncluded: boolean, why?: string) => {
    const path = relative(dirname(config), dts).replaceAll("\\", "/");
    return { config, path, isIncluded, why, excludedBy: isIncluded ? undefined : exclusion(config, file) };
  };
  // The tsconfig and everything that it references: the list grows while it is walked.
  const paths = [tsconfig];
  const read = new Map<string, ReadConfig>();
  for (const path of paths) {
    if (read.has(path)) continue;
    const { config, why } = readConfig(path);
    read.set(path, { path, config, why });
    for (const reference of config?.references ?? []) {
      const target = resolve(dirname(path), reference.path);
      paths.push(target.endsWith(".json") ? target : join(target, "tsconfig.json"));
    }
  }
  const configs = [...read.values()];
  const sees = ({ path, config }: ReadConfig, one: string) =>
    config !== undefined && createFilesMatcher({ path, config })(one) !== undefined;
  // A component is code for the tools that check it, and they see it if they see its folder.
  const scripts = users.map((user) => (/\.(?:vue|svelte|astro)$/.test(user) ? `${user}.ts` : user));
  const concerned = configs.filter((one) => scripts.some((script) => sees(one, script)));
  if (concerned.length > 0) return concerned.map((one) => found(one.path, sees(one, file)));
  const including = configs.find((one) => sees(one, file));
  if (including !== undefined) return [found(including.path, true)];
  // A solution file has no files itself: it only references configs that do.
  const isSolution = ({ config }: ReadConfig) => config?.files?.length === 0 && config.include === undefined;
  const fixable =
    configs.find(({ why }) => why !== undefined) ?? configs.find((one) => !isSolution(one)) ?? configs[0];
  return [found(fixable?.path ?? tsconfig, false, fixable?.why)];
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
  const { config } = readConfig(tsconfig);
  if (config === undefined || config.compilerOptions?.noEmit === true) return false;
  return createFilesMatcher({ path: tsconfig, config })(file) !== undefined;
}

interface ReadConfig {
  readonly path: string;
  /** Merged with what it extends; if that can't be read, its own rules, if it has any. */
  readonly config?: TsConfigJsonResolved | undefined;
  /** Why it isn't known, as the end of a sentence that begins with its name. */
  readonly why?: string | undefined;
}

function readConfig(path: string): Omit<ReadConfig, "path"> {
  let text: string;
  try {
    text = readIfThere(path)?.toString() ?? "";
  } catch (cause) {
    throw new ConfigurationError("This tsconfig can't be read, so we don't know what it includes.", {
      code: "tsconfig_unreadable",
      where: { file: path },
      hint: "Check that it's a file, and its permissions.",
      cause,
    });
  }
  const own = parseJsonc(text);
  if (own === undefined) return { why: "can't be read" };
  try {
    return { config: parseTsconfig(path) };
  } catch (error) {
    // Its own file exists and is valid, so the problem is in one that it extends.
    const why = `extends a file that can't be read: ${(error as Error).message.replace(/\.$/, "")}`;
    const { extends: _, ...config } = own as TsConfigJson;
    return config.include === undefined && config.files === undefined ? { why } : { config, why };
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
