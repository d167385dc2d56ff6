import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findMetadataReaders } from "../discovery/find-metadata-readers.ts";
import { listSources } from "../discovery/list-sources.ts";

/** Finds the files that take a prompt's metadata: among the sources, and among the bundler's importers. */
export class MetadataReaders {
  readonly #options: ResolvedOptions;
  /** By prompt and pin: files that the bundler loads, which the source patterns may leave out. */
  readonly #importers = new Map<string, Set<string>>();

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  addImporter(ref: PromptRef, importer: string): void {
    const importers = this.#importers.get(refKey(ref)) ?? new Set();
    this.#importers.set(refKey(ref), importers.add(fileOf(importer)));
  }

  /**
   * @returns absolute paths, sorted
   * @throws ConfigurationError `source_unreadable`
   */
  async find(ref: PromptRef): Promise<readonly string[]> {
    const sources = await findMetadataReaders(await listSources(this.#options), this.#isMeant(ref));
    const importers = [...(this.#importers.get(refKey(ref)) ?? [])];
    const others = await Promise.all(importers.map((importer) => this.findIn(importer, ref)));
    return [...new Set([...sources, ...others.flat()])].sort();
  }

  /** The importer's file, if it takes the metadata; none if a loader made it and there's no such file. */
  async findIn(importer: string, ref: PromptRef): Promise<readonly string[]> {
    try {
      return await findMetadataReaders([fileOf(importer)], this.#isMeant(ref));
    } catch (error) {
      if (isScopeError(error, "source_unreadable")) return [];
      throw error;
    }
  }

  #isMeant(ref: PromptRef): (specifier: string) => boolean {
    return (specifier) => {
      try {
        return refKey(resolveSpecifier(specifier, this.#options).ref) === refKey(ref);
      } catch (error) {
        // The import that has it says so.
        if (isScopeError(error)) return false;
        throw error;
      }
    };
  }
}

/** Vite requests the parts of a component as `Card.vue?vue&type=script`. */
function fileOf(importer: string): string {
  return importer.replace(/\?.*$/s, "");
}
