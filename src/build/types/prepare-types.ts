import { createHash } from "node:crypto";
import pMap from "p-map";
import { TypesEmitter } from "../../compiler/3-emit/emit-types.ts";
import type { ResolvedOptions } from "../../config/types.ts";
import { namingFile } from "../../files/naming-file.ts";
import { StagedFile } from "../../files/staged-file.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../../prompt.ts";
import { entryOf, readSnapshotText, snapshotFile } from "../../snapshot/store.ts";
import { filesDeclareTheSame } from "./same-declarations.ts";
import { eachEntry, withConfigKeys } from "./types-file.ts";

/** The types and their map, whole beside the files that they will replace. */
export interface PreparedTypes {
  /** Gives both their places, where they differ; types of another layout that declare the same stay. Says whether it wrote. Throws ScopeError `snapshot_unwritable`. */
  commit(): Promise<boolean>;
  discard(): Promise<void>;
  /** Would they be made just so now, of the snapshot files as they are and of these specifiers? */
  areCurrent(specifiers: Iterable<string>): Promise<boolean>;
}

/**
 * As `makeTypes`, for writing: made prompt by prompt, so that however many there are, little of them is held.
 *
 * @param fileOf where the text of a snapshot file is that is about to be committed; by default it is in its place
 * @throws ScopeError `snapshot_unwritable`
 */
export async function prepareTypes(
  options: ResolvedOptions,
  file: string,
  specifiers: Iterable<string>,
  fileOf: (place: string) => string = (place) => place,
): Promise<PreparedTypes> {
  const versions = new ReadVersions(options.snapshotDir, fileOf);
  const emitter = new TypesEmitter({ dtsFile: file });
  const types = new StagedFile(file, filesDeclareTheSame);
  const mapFile = `${file}.map`;
  const map = new StagedFile(mapFile);
  const discard = async () => {
    await types.discard();
    await map.discard();
  };
  const write = (text: string) => namingFile(file, () => types.write(text));
  const all = [...withConfigKeys(options, specifiers)];
  try {
    await write(emitter.head);
    for await (const { entry } of eachEntry(options, file, all, (ref) => versions.find(ref))) {
      if (entry !== undefined) await write(emitter.block(entry));
    }
    await write(emitter.end);
    await namingFile(file, () => types.stage());
    await namingFile(mapFile, async () => {
      await map.write(emitter.map);
      await map.stage();
    });
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    async commit() {
      const wroteMap = await namingFile(mapFile, () => map.commit());
      return (await namingFile(file, () => types.commit())) || wroteMap;
    },
    discard,
    areCurrent: async (now) =>
      haveSameMembers(all, withConfigKeys(options, now)) && (await versions.areUnchanged()),
  };
}

function haveSameMembers(some: Iterable<string>, others: Iterable<string>): boolean {
  const [left, right] = [new Set(some), new Set(others)];
  return left.size === right.size && [...left].every((one) => right.has(one));
}

/** Files read at once when they are compared. */
const READ_AT_ONCE = 16;

/** The versions in snapshot files, the last one kept: its import is looked for, and then compiled. */
class ReadVersions {
  readonly #snapshotDir: string;
  readonly #fileOf: (place: string) => string;
  /** Digests of the texts that were read, by the places of the files. */
  readonly #digests = new Map<string, string>();
  #last: { readonly key: string; readonly version: PromptVersionData | undefined } | undefined;

  constructor(snapshotDir: string, fileOf: (place: string) => string) {
    this.#snapshotDir = snapshotDir;
    this.#fileOf = fileOf;
  }

  async find(ref: PromptRef): Promise<PromptVersionData | undefined> {
    const key = refKey(ref);
    if (this.#last?.key !== key) {
      const place = snapshotFile(this.#snapshotDir, ref);
      const text = await readSnapshotText(this.#fileOf(place));
      const [before, now] = [this.#digests.get(place), digest(text)];
      // Read twice, with two texts: whatever the file has at the end, the types are of no single one.
      this.#digests.set(place, before === undefined || before === now ? now : "several");
      this.#last = { key, version: text === undefined ? undefined : entryOf(text, place, ref).version };
    }
    return this.#last.version;
  }

  /** Do the files, all in their places by now, have the texts that were read? */
  async areUnchanged(): Promise<boolean> {
    let areSame = true;
    await pMap(
      this.#digests,
      async ([place, before]) => {
        if (areSame && digest(await readSnapshotText(place)) !== before) areSame = false;
      },
      { concurrency: READ_AT_ONCE },
    );
    return areSame;
  }
}

/** Empty where there is no file. */
function digest(text: string | undefined): string {
  return text === undefined ? "" : createHash("sha256").update(text).digest("base64");
}
