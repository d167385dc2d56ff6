import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { readOrEmpty } from "../../files/read-file.ts";
import { hasConfig, searchedFolders } from "../config/config-files.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { listFiles } from "../discovery/list-sources.ts";
import { declarationBlocks } from "./same-declarations.ts";
import { isOurs, presentTypesFiles } from "./types-place.ts";

/**
 * Refuses generated types in a second place that a program of TypeScript has as well: it would merge both into overloads, so
 * that a call of either version passes. A folder with a config or a package.json of its own is another project.
 *
 * @throws ConfigurationError `types_twice` that names both
 */
export async function refuseTwoPlaces(options: ResolvedOptions): Promise<void> {
  const { dts, root } = options;
  if (dts === false) return;
  const declared = new Map<string, string>();
  const own = new Set((await presentTypesFiles(dts)).map(toPosix));
  for (const file of own)
    for (const specifier of declarationBlocks(readOrEmpty(file)).keys()) declared.set(specifier, file);
  if (declared.size === 0) return;
  for (const file of await listFiles(options, ["**/*.d.{ts,mts,cts}"])) {
    if (own.has(file) || isOfAnother(file, toPosix(root))) continue;
    const text = readOrEmpty(file);
    const twice = isOurs(text) && [...declarationBlocks(text).keys()].find((one) => declared.has(one));
    if (!twice || !(await isOneProgram(file, declared.get(twice) as string))) continue;
    throw new ConfigurationError(
      `${twice} is declared by generated types in two places, so the type checker accepts calls of either.`,
      {
        code: "types_twice",
        where: { file },
        hint: `The other one is ${declared.get(twice)}. The config's \`dts\` is ${dts}: remove the types that aren't there, or change it.`,
      },
    );
  }
}

/** Does a tsconfig above a file include it and another one? */
async function isOneProgram(file: string, other: string): Promise<boolean> {
  const { createFilesMatcher, parseTsconfig } = await import("get-tsconfig");
  return searchedFolders(dirname(file)).some((folder) =>
    readdirSync(folder).some((name) => {
      if (!/^[tj]sconfig.*\.json$/.test(name)) return false;
      try {
        const path = join(folder, name);
        const sees = createFilesMatcher({ path, config: parseTsconfig(path) });
        return sees(file) !== undefined && sees(other) !== undefined;
      } catch {
        // `doctor` says that it can't be read.
        return false;
      }
    }),
  );
}

function isOfAnother(file: string, root: string): boolean {
  for (let folder = dirname(file); folder.length > root.length; folder = dirname(folder))
    if (hasConfig(folder) || existsSync(join(folder, "package.json"))) return true;
  return false;
}
