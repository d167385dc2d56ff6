import { rm } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import type { ResolvedImport } from "../../config/specifier.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { ScopeError } from "../../errors/scope-error.ts";
import { digestOf } from "../../files/digest.ts";
import { namesIn } from "../../files/leftovers.ts";
import { namingFile } from "../../files/naming-file.ts";
import { StagedFiles } from "../../files/staged-files.ts";
import { readStart, readTextIfThere } from "../../files/write-file.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { snapshotFile } from "../../snapshot/snapshot-file.ts";
import type { SnapshotSource } from "../../snapshot/staging.ts";
import { entryOf, readSnapshotText } from "../../snapshot/store.ts";
import { makeGeneratedFolder } from "../modules/module-store.ts";
import { isOurs, presentTypesFiles } from "./present-types.ts";
import { declareTheSame } from "./same-declarations.ts";
import { eachTypesFile, type FoundInCode, withConfigKeys } from "./types-file.ts";
import { MAPS_FOLDER, typesFolder, typesPlace } from "./types-place.ts";

/** The types and their maps, whole beside the files that they will replace. */
export interface PreparedTypes {
  /** Specifiers that cannot be declared: they have no snapshot, or a prompt that they include has none. */
  readonly undeclared: readonly ResolvedImport[];
  /**
   * Gives all of them their places, where they differ, and removes types of prompts that are gone; types of another layout
   * that declare the same stay. Says whether any types changed. Throws ScopeError `snapshot_unwritable`.
   */
  commit(): Promise<boolean>;
  discard(): Promise<void>;
  /** Would they be made just so now, of the snapshot files as they are and for this code, and are they in their places? */
  areCurrent(found: FoundInCode): Promise<boolean>;
}

/**
 * As `makeTypes`, for writing: made prompt by prompt, so that however many there are, little of them is held.
 *
 * @param locate where the text is that a prompt's snapshot file is about to have; by default that is committed
 * @throws ScopeError `snapshot_unwritable`; `types_foreign` where somebody else's file is in the place
 */
export async function prepareTypes(
  options: ResolvedOptions,
  { specifiers, forClient }: FoundInCode,
  locate: (ref: PromptRef) => Promise<SnapshotSource> = (ref) => committed(options.snapshotDir, ref),
): Promise<PreparedTypes> {
  const all = withConfigKeys(options, specifiers);
  const place = typesPlace(options);
  const undeclared: ResolvedImport[] = [];
  const versions = new ReadVersions(locate);
  const types = new StagedFiles(typesFolder(place), ".pull-");
  const mapsFolder = await folderOfMaps(options.root);
  const maps = mapsFolder === undefined ? undefined : new StagedFiles(mapsFolder, ".pull-");
  /** What each types file holds once this is committed, as a digest. */
  const texts = new Map<string, string>();
  const mapFiles = new Set<string>();
  const discard = async () => {
    await types.discard();
    await maps?.discard();
  };
  try {
    const find = (ref: PromptRef) => versions.find(ref);
    const placeOf = async (ref: PromptRef) => (await locate(ref)).place;
    const found = { specifiers: all, forClient };
    for await (const { file, code, map } of eachTypesFile(options, found, find, undeclared, placeOf)) {
      await refuseForeignFile(file);
      const present = await namingFile(file, () => readTextIfThere(file));
      const isSame = present !== undefined && declareTheSame(present, code);
      texts.set(file, digest(isSame ? present : code));
      if (!isSame) await types.add(file, code);
      if (map === undefined || maps === undefined) continue;
      mapFiles.add(map.file);
      if ((await readTextIfThere(map.file)) !== map.text) await maps.add(map.file, map.text);
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    undeclared,
    async commit() {
      let isChanged = !types.isEmpty;
      await maps?.commit(halfDone);
      await types.commit(halfDone);
      // Types of prompts that are gone.
      for (const file of (await presentTypesFiles(place)).filter((one) => !texts.has(one))) {
        await namingFile(file, () => rm(file, { force: true }));
        isChanged = true;
      }
      for (const name of mapsFolder === undefined ? [] : await namesIn(mapsFolder))
        if (name.endsWith(".map") && !mapFiles.has(join(mapsFolder as string, name)))
          await rm(join(mapsFolder as string, name), { force: true });
      return isChanged;
    },
    discard,
    areCurrent: async (now) =>
      now.forClient === forClient &&
      haveSameMembers(all, withConfigKeys(options, now.specifiers)) &&
      (await versions.areUnchanged()) &&
      (await areAll(texts, readTextIfThere)),
  };
}

const halfDone = (done: number, all: number) =>
  `${done} of ${all} changed files of the types were replaced before one could not be. To write them again: scope-gen types`;

async function committed(snapshotDir: string, ref: PromptRef): Promise<SnapshotSource> {
  const place = await snapshotFile(snapshotDir, ref);
  return { place, at: place };
}

/** Undefined where nothing can be written beside the config: an editor goes to the types then. */
async function folderOfMaps(root: string): Promise<string | undefined> {
  try {
    return await makeGeneratedFolder(root, MAPS_FOLDER);
  } catch {
    return undefined;
  }
}

/** A path in a config may be wrong, or be written by somebody who wants another file gone. */
async function refuseForeignFile(file: string): Promise<void> {
  if (isOurs(await readStart(file))) return;
  throw new ScopeError("There is a file in the place of the types that was not generated.", {
    code: "types_foreign",
    where: { file },
    hint: "Name another path with `dts` in the config, or remove the file.",
  });
}

function haveSameMembers(some: Iterable<string>, others: Iterable<string>): boolean {
  const [left, right] = [new Set(some), new Set(others)];
  return left.size === right.size && [...left].every((one) => right.has(one));
}

/** Files read at once when they are compared. */
const READ_AT_ONCE = 16;

/** Snapshot files read for the types, one after the other. Remembers what was read, and holds only the last version. */
class ReadVersions {
  readonly #locate: (ref: PromptRef) => Promise<SnapshotSource>;
  /** Digests of the texts that were read, by the places of the files. */
  readonly #digests = new Map<string, string>();
  #last: { readonly key: string; readonly version: PromptVersionData | undefined } | undefined;

  constructor(locate: (ref: PromptRef) => Promise<SnapshotSource>) {
    this.#locate = locate;
  }

  async find(ref: PromptRef): Promise<PromptVersionData | undefined> {
    const key = refKey(ref);
    if (this.#last?.key !== key) {
      const { place, at } = await this.#locate(ref);
      const text = await readSnapshotText(at);
      const [before, now] = [this.#digests.get(place), digest(text)];
      // Read twice, with two texts: whatever the file has at the end, the types are of no single one.
      this.#digests.set(place, before === undefined || before === now ? now : "several");
      this.#last = { key, version: text === undefined ? undefined : entryOf(text, place, ref).version };
    }
    return this.#last.version;
  }

  /** Do the files, all in their places by now, have the texts that were read? */
  areUnchanged(): Promise<boolean> {
    return areAll(this.#digests, readSnapshotText);
  }
}

/** Do all of these files have the texts of these digests? */
async function areAll(
  digests: ReadonlyMap<string, string>,
  read: (file: string) => Promise<string | undefined>,
): Promise<boolean> {
  let areSame = true;
  await pMap(
    digests,
    async ([file, before]) => {
      if (areSame && digest(await read(file)) !== before) areSame = false;
    },
    { concurrency: READ_AT_ONCE },
  );
  return areSame;
}

/** Empty where there is no file. */
function digest(text: string | undefined): string {
  return text === undefined ? "" : digestOf(text);
}
