import { dirname, join, resolve } from "node:path";
import {
  createFilesMatcher,
  parseTsconfig,
  type TsConfigJson,
  type TsConfigJsonResolved,
} from "get-tsconfig";
import { ConfigurationError } from "../../errors/classes.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import { parseJsonc } from "./jsonc.ts";

/** Does a project's TypeScript see a file? */
export type Inclusion =
  | { readonly by: string }
  /** The config to fix: the one whose `include` leaves the file out. */
  | { readonly by: undefined; readonly config: string }
  /** The tsconfig that we can't decide for, and why, as the end of a sentence that begins with its name. */
  | { readonly by: undefined; readonly config: undefined; readonly unknown: string; readonly why: string };

/**
 * Finds out whether a tsconfig, or one that it references, includes a file. Doesn't load a compiler: that would take
 * longer than everything else together.
 *
 * @param tsconfig absolute path of a tsconfig.json
 * @param file absolute path of the file, whether or not it exists
 * @param users absolute paths of what imports it: each tsconfig that includes one of these has to include the file
 * @returns one for each of these tsconfigs; if none includes a user, one for all
 * @throws ConfigurationError `tsconfig_unreadable`
 */
export async function inclusions(
  tsconfig: string,
  file: string,
  users: readonly string[] = [],
): Promise<readonly Inclusion[]> {
  const read = await readAll(tsconfig);
  const sees = ({ path, config }: ReadConfig, one: string) =>
    config !== undefined && createFilesMatcher({ path, config })(one) !== undefined;
  const concerned = read.filter((one) => users.some((user) => sees(one, asScript(user))));
  if (concerned.length > 0) {
    return concerned.map((one) => (sees(one, file) ? { by: one.path } : { by: undefined, config: one.path }));
  }
  const by = read.find((one) => sees(one, file))?.path;
  if (by !== undefined) return [{ by }];
  const unknown = read.find(({ why }) => why !== undefined);
  if (unknown?.why !== undefined)
    return [{ by: undefined, config: undefined, unknown: unknown.path, why: unknown.why }];
  // A solution file has no files itself: it only references configs that do.
  const mendable = read.find(
    ({ config }) => config !== undefined && (config.files?.length !== 0 || config.include !== undefined),
  );
  return [{ by: undefined, config: mendable?.path ?? tsconfig }];
}

/** A component is code for the tools that check it, and they see it if they see its folder. */
function asScript(file: string): string {
  return /\.(?:vue|svelte|astro)$/.test(file) ? `${file}.ts` : file;
}

/** A tsconfig and everything that it references. */
async function readAll(tsconfig: string): Promise<readonly ReadConfig[]> {
  const read = new Map<string, ReadConfig>();
  const visit = async (path: string): Promise<void> => {
    if (read.has(path)) return;
    const found = { path, ...(await readConfig(path)) };
    read.set(path, found);
    for (const reference of found.config?.references ?? []) {
      const target = resolve(dirname(path), reference.path);
      await visit(target.endsWith(".json") ? target : join(target, "tsconfig.json"));
    }
  };
  await visit(tsconfig);
  return [...read.values()];
}

interface ReadConfig {
  readonly path: string;
  /** Merged with what it extends; if that can't be read, its own rules, if it has any. */
  readonly config?: TsConfigJsonResolved;
  /** Why it isn't known, as the end of a sentence that begins with its name. */
  readonly why?: string;
}

async function readConfig(path: string): Promise<Omit<ReadConfig, "path">> {
  let text: string | undefined;
  try {
    text = await readTextIfThere(path);
  } catch (error) {
    throw new ConfigurationError("This tsconfig cannot be read, so what it includes is not known.", {
      code: "tsconfig_unreadable",
      where: { file: path },
      hint: "Check that it is a file, and its permissions.",
      cause: error,
    });
  }
  const own = text === undefined ? undefined : parseJsonc(text);
  if (own === undefined) return { why: "cannot be read" };
  try {
    return { config: parseTsconfig(path) };
  } catch (error) {
    // Its own file exists and is valid, so the problem is in one that it extends.
    const what = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    const why = `extends what cannot be read: ${what}`;
    const { extends: _, ...config } = own as TsConfigJson;
    return config.include === undefined && config.files === undefined ? { why } : { config, why };
  }
}
