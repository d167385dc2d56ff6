import { dirname, join, resolve } from "node:path";
import {
  createFilesMatcher,
  parseTsconfig,
  type TsConfigJson,
  type TsConfigJsonResolved,
} from "get-tsconfig";
import { getNodeValue } from "jsonc-parser";
import { ConfigurationError } from "../../errors/classes.ts";
import { readTextIfThere } from "../../files/write-file.ts";
import { parseJsonc } from "./jsonc.ts";

/** Does a project's TypeScript see a file? */
export type Inclusion =
  | { readonly by: string }
  /** The config to mend: the one whose `include` leaves the file out. */
  | { readonly by: undefined; readonly config: string }
  /** The tsconfig of which it isn't known, and why, as the end of a sentence that begins with its name. */
  | { readonly by: undefined; readonly config: undefined; readonly unknown: string; readonly why: string };

/**
 * Finds out whether a tsconfig, or one that it refers to, includes a file. Loads no compiler: that would take longer
 * than everything else together.
 *
 * @param tsconfig absolute path of a tsconfig.json
 * @param file absolute path of the file, there or not
 * @throws ConfigurationError `tsconfig_unreadable`
 */
export async function includes(tsconfig: string, file: string): Promise<Inclusion> {
  const seen = new Set<string>();
  const unknown: { readonly unknown: string; readonly why: string }[] = [];
  let mendable: string | undefined;
  const visit = async (path: string): Promise<string | undefined> => {
    if (seen.has(path)) return undefined;
    seen.add(path);
    const { config, why } = await readConfig(path);
    if (why !== undefined) unknown.push({ unknown: path, why });
    if (config === undefined) return undefined;
    // A solution file has no files of its own: it only refers to configs that have.
    const isSolution = config.files?.length === 0 && config.include === undefined;
    if (!isSolution) mendable ??= path;
    if (createFilesMatcher({ path, config })(file) !== undefined) return path;
    for (const reference of config.references ?? []) {
      const target = resolve(dirname(path), reference.path);
      const found = await visit(target.endsWith(".json") ? target : join(target, "tsconfig.json"));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const by = await visit(tsconfig);
  if (by !== undefined) return { by };
  const [first] = unknown;
  return first === undefined
    ? { by: undefined, config: mendable ?? tsconfig }
    : { by: undefined, config: undefined, ...first };
}

interface ReadConfig {
  /** With what it extends laid under it; where that cannot be read, its own rules, if it has any. */
  readonly config?: TsConfigJsonResolved;
  /** Why it is not known, as the end of a sentence that begins with its name. */
  readonly why?: string;
}

async function readConfig(path: string): Promise<ReadConfig> {
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
    // Its own file is there and sound, so that it is one that it extends.
    const what = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    const why = `extends what cannot be read: ${what}`;
    const { extends: _, ...config } = getNodeValue(own) as TsConfigJson;
    return config.include === undefined && config.files === undefined ? { why } : { config, why };
  }
}
