import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ScopeError } from "../../errors/scope-error.ts";
import { namesIn, readOrEmpty, readTextIfThere } from "../../files/read-file.ts";
import { StagedFiles } from "../../files/staged-files.ts";
import { explainUnwritable } from "../../files/write-file.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { nothingFound } from "../discovery/find-uses.ts";
import { makeGeneratedFolder } from "../module-names.ts";
import { loadSnapshot } from "../snapshot/store.ts";
import { declareTheSame } from "./same-declarations.ts";
import { eachTypesFile, type TypesSource } from "./types-file.ts";
import { isOurs, MAPS_FOLDER, presentTypesFiles, typesPlace } from "./types-place.ts";

/**
 * Makes the types and stages them, with their maps, next to the files that they will replace, file by file.
 *
 * @param source what they're made from; by default the committed snapshot, with each file read when its turn comes
 * @throws ScopeError `snapshot_unwritable`; `foreign_file` if somebody else's file is in the way; `nothing_found`
 */
export async function prepareTypes(
  options: ResolvedOptions,
  specifiers: readonly string[],
  source: Omit<TypesSource, "undeclared"> = {
    find: async (ref) => (await loadSnapshot(options.snapshotDir, ref))?.version,
  },
) {
  const place = typesPlace(options);
  if (specifiers.length === 0 && !options.writesPrompts)
    for (const file of await presentTypesFiles(place))
      if (readOrEmpty(file).includes('module "scope:')) throw await nothingFound(options);
  const undeclared: ResolvedImport[] = [];
  const types = new StagedFiles(place, ".pull-");
  // Without one, because nothing can be written next to the config, an editor goes to the types.
  const mapsFolder = await makeGeneratedFolder(options.root, MAPS_FOLDER).catch(() => undefined);
  // A pull that's refused leaves the maps that fit the types.
  const maps = mapsFolder === undefined ? undefined : new StagedFiles(mapsFolder, ".pull-");
  const discard = async () => {
    await types.discard();
    await maps?.discard();
  };
  const files = new Set<string>();
  try {
    for await (const { file, code, map } of eachTypesFile(options, specifiers, { ...source, undeclared })) {
      // A path in a config can be wrong, or come from somebody who wants another file gone.
      if (!isOurs(readOrEmpty(file)))
        throw new ScopeError("There's a file at the path of the types that wasn't generated.", {
          code: "foreign_file",
          where: { file },
          hint: "Set another path with `dts` in the config, or remove the file.",
        });
      files.add(file);
      const present = await explainUnwritable(file, () => readTextIfThere(file));
      if (present === undefined || !declareTheSame(present, code)) await types.add(file, code);
      if (map === undefined || maps === undefined) continue;
      files.add(map.file);
      if (readTextIfThere(map.file) !== map.text) await maps.add(map.file, map.text);
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    undeclared,
    /** Moves what differs into place, and removes types of prompts that are gone. Says whether any types changed. */
    async commit() {
      let isChanged = !types.isEmpty;
      const halfDone = (done: number, all: number) =>
        `${done} of ${all} changed files of the types were written before one failed. To write them again: scope-gen types`;
      await types.commit(halfDone);
      await maps?.commit(halfDone);
      for (const file of (await presentTypesFiles(place)).filter((one) => !files.has(one))) {
        await explainUnwritable(file, () => rm(file, { force: true }));
        isChanged = true;
      }
      for (const name of mapsFolder === undefined ? [] : await namesIn(mapsFolder)) {
        const map = join(mapsFolder as string, name);
        if (name.endsWith(".map") && !files.has(map)) await rm(map, { force: true });
      }
      return isChanged;
    },
    discard,
  };
}
