import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { debug } from "../../config/debug.ts";
import { stableJson } from "../../files/stable-json.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type { ManifestPrompt } from "../manifest/manifest.ts";

/** A module that an earlier build made, with all that a build says about it. */
export interface CachedModule {
  /** Absolute path of the generated module. */
  readonly file: string;
  /** Absolute paths of the snapshot files it was made of. */
  readonly inputs: readonly string[];
  /** The prompt, then its partials. */
  readonly manifest: readonly ManifestPrompt[];
  readonly warnings: readonly string[];
}

interface StampedModule extends CachedModule {
  /** Of `file`, then of each input, when the module was made. */
  readonly stamps: readonly string[];
}

interface Index {
  readonly key: string;
  readonly modules: Readonly<Record<string, StampedModule>>;
  readonly types: { readonly stamp: string; readonly specifiers: readonly string[] };
}

/**
 * What builds from the snapshot remember between runs, beside the modules: a prompt whose snapshot file and
 * module file are as they were is not read, verified and compiled again. Lies in the generated folder; without it, or
 * when anything differs, the work is done.
 */
export class CachedModules {
  readonly #file: string;
  readonly #key: string;
  readonly #modules: Map<string, StampedModule>;
  /** Stamps of files that many modules share; a build reads each once. */
  readonly #stamps = new Map<string, string>();
  #hasNews = false;
  #types: { stamp: string; specifiers: Set<string> };

  /**
   * @param file where the index lies
   * @param settings everything besides the snapshot that decides what is made; another value makes all anew
   */
  constructor(file: string, settings: unknown) {
    this.#file = file;
    // The code that makes the modules decides as well: its own file distinguishes one installation from another.
    this.#key = stableJson([settings, stampOf(fileURLToPath(import.meta.url))]);
    const index = readIndex(file);
    const isUsable = index?.key === this.#key;
    this.#modules = new Map(isUsable ? Object.entries(index.modules) : []);
    this.#types = isUsable
      ? { stamp: index.types.stamp, specifiers: new Set(index.types.specifiers) }
      : { stamp: "", specifiers: new Set() };
  }

  /** The module of that name, when it and what it was made of are as they were. */
  find(name: string): CachedModule | undefined {
    const module = this.#modules.get(name);
    if (module === undefined) {
      debug(() => `${name}: no earlier build left its module`);
      return undefined;
    }
    const { file, inputs, stamps } = module;
    const isSame =
      stampOf(file) === stamps[0] && inputs.every((input, at) => this.#stamp(input) === stamps[at + 1]);
    debug(
      () =>
        `${name}: ${isSame ? "the module of an earlier build" : "made anew, a file that it was made of has changed"}`,
    );
    return isSame ? module : undefined;
  }

  /** Remembers a module that was just made. Call {@link save} to keep it. */
  keep(name: string, { file, inputs, manifest, warnings }: CachedModule): void {
    this.#modules.set(name, { file, inputs, manifest, warnings, stamps: [file, ...inputs].map(stampOf) });
    this.#hasNews = true;
  }

  /** Those of the specifiers that the types file is not yet known to declare rightly. */
  unchecked(typesFile: string, specifiers: Iterable<string>): string[] {
    const isSame = this.#types.stamp === stampOf(typesFile) && this.#types.stamp !== "";
    return [...specifiers].filter((specifier) => !isSame || !this.#types.specifiers.has(specifier));
  }

  /** Remembers that the types file, as it is now, declares these rightly. */
  keepChecked(typesFile: string, specifiers: Iterable<string>): void {
    const stamp = stampOf(typesFile);
    if (stamp !== this.#types.stamp) this.#types = { stamp, specifiers: new Set() };
    for (const specifier of specifiers) this.#types.specifiers.add(specifier);
    this.#hasNews = true;
  }

  /** Writes the index, when there is something new in it. */
  async save(): Promise<void> {
    if (!this.#hasNews) return;
    const index: Index = {
      key: this.#key,
      modules: Object.fromEntries([...this.#modules].sort(([a], [b]) => (a < b ? -1 : 1))),
      types: { stamp: this.#types.stamp, specifiers: [...this.#types.specifiers].sort() },
    };
    await writeFileAtomic(this.#file, JSON.stringify(index));
  }

  #stamp(file: string): string {
    let stamp = this.#stamps.get(file);
    if (stamp === undefined) {
      stamp = stampOf(file);
      this.#stamps.set(file, stamp);
    }
    return stamp;
  }
}

/** An index that cannot be read is none: everything is made anew, and it is written whole again. */
function readIndex(file: string): Index | undefined {
  try {
    const index = JSON.parse(readFileSync(file, "utf8"));
    return typeof index?.key === "string" && index.modules && index.types?.specifiers ? index : undefined;
  } catch {
    return undefined;
  }
}

/** What changes whenever a file does; empty where there is none. The change time cannot be set back by hand. */
function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}
