import { dirname, sep } from "node:path";
import { ConfigurationError } from "../../errors/classes.ts";
import { readOrEmpty } from "../../files/read-file.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { listFiles } from "../discovery/list-sources.ts";
import { declarationBlocks } from "./same-declarations.ts";
import { isOurs, presentTypesFiles } from "./types-place.ts";

/**
 * Refuses generated types in a second place of a project: TypeScript would merge both into overloads, so that a call of
 * either version passes. Folders with a config of their own are other projects.
 *
 * @throws ConfigurationError `types_twice` with a file of each place
 */
export async function refuseTwoPlaces(options: ResolvedOptions): Promise<void> {
  if (options.dts === false) return;
  const own = await presentTypesFiles(options.dts);
  if (own.length === 0) return;
  const nested = (await listFiles(options, ["*/**/scope.config.*"])).map((file) => dirname(file) + sep);
  const declared = new Map<string, string>();
  for (const file of own)
    for (const specifier of declarationBlocks(await readOrEmpty(file)).keys()) declared.set(specifier, file);
  for (const file of await listFiles(options, ["**/*.d.{ts,mts,cts}"])) {
    if (own.includes(file) || nested.some((folder) => file.startsWith(folder))) continue;
    const text = await readOrEmpty(file);
    if (!isOurs(text)) continue;
    const twice = [...declarationBlocks(text).keys()].find((specifier) => declared.has(specifier));
    if (twice === undefined) continue;
    throw new ConfigurationError(
      `${twice} is declared by generated types in two places, so the type checker accepts calls of either.`,
      {
        code: "types_twice",
        where: { file },
        hint: `The config's place is ${declared.get(twice)}. Remove the other one, or name it with \`dts\` in the config.`,
      },
    );
  }
}
