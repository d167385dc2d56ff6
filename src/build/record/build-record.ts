import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { debug } from "../../config/debug.ts";
import type { ClientBundlePolicy, ResolvedOptions } from "../../config/types.ts";
import { hasChangedSince, hasStamp, type Stamp, stampOf } from "../../files/stamp.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type { ManifestPrompt } from "../manifest/manifest.ts";
import { GENERATED_FOLDER, HELPER_FILE } from "../modules/module-names.ts";

/** A module that an earlier build made, with all that a build says about it. */
export interface CachedModule {
  /** Names of the files beside it that it imports, but for the helper that all do. */
  readonly helpers: readonly string[];
  /** Names of the files in the snapshot's folder that it was made of. */
  readonly inputs: readonly string[];
  /** The prompt, then its partials. */
  readonly manifest: readonly ManifestPrompt[];
  readonly warnings: readonly string[];
}

/** With the stamps of its own file, of each helper and of each input, one after the other. */
interface StampedModule extends CachedModule {
  readonly stamps: readonly number[];
}

/** The options that a build needs which finds everything as it was. */
export type RecordedOptions = Pick<ResolvedOptions, "root" | "snapshotDir" | "dts" | "target" | "manifest">;

interface RecordText {
  readonly format: typeof FORMAT;
  /** What the modules were made by: settings and code, as a digest. */
  readonly maker: string;
  readonly options: RecordedOptions;
  /** Absolute path of the folder that the modules lie in. */
  readonly folder: string;
  readonly helper: Stamp;
  /** The files that the options come from, there or not; undefined where that is not known. */
  readonly restsOn?: { readonly files: readonly string[]; readonly stamps: readonly number[] } | undefined;
  readonly modules: Readonly<Record<string, StampedModule>>;
  /** By specifier as spelled, the name of its module. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** By specifier as spelled: two of them may have one module. */
  readonly policies: Readonly<Record<string, ClientBundlePolicy>>;
  readonly types: RecordedTypes;
}

/** Types that were found right. */
interface RecordedTypes {
  /** By absolute path, as the files were then. */
  readonly stamps: Readonly<Record<string, Stamp>>;
  /** By specifier, the file that declares it. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** The file with what all of them name, where there is one. */
  readonly shared?: string | undefined;
}

const FORMAT = 3;
const FOLDER = "builds";

/**
 * What builds from the snapshot remember between runs: a prompt whose snapshot file and module file are as they were is not
 * read, verified and compiled again; and where all that the options come from is as it was, that is not read either.
 * Without it, or when anything differs, the work is done.
 */
export class BuildRecord {
  readonly #file: string;
  readonly #text: RecordText;
  readonly #modules: Map<string, StampedModule>;
  readonly #specifiers: Map<string, string>;
  readonly #policies: Map<string, ClientBundlePolicy>;
  readonly #begunAt = Date.now();
  readonly #typeStamps: Map<string, Stamp>;
  readonly #typesOf: Map<string, string>;
  #sharedTypes: string | undefined;
  /** Is a types file as it was; the helper? Each is looked at once. */
  readonly #hasTypes = new Map<string, boolean>();
  #hasHelper: boolean | undefined;
  #helper: Stamp;
  #hasNews: boolean;

  private constructor(file: string, text: RecordText, hasNews: boolean) {
    this.#file = file;
    this.#text = text;
    this.#helper = text.helper;
    this.#modules = new Map(Object.entries(text.modules));
    this.#specifiers = new Map(Object.entries(text.specifiers));
    this.#policies = new Map(Object.entries(text.policies));
    this.#typeStamps = new Map(Object.entries(text.types.stamps));
    this.#typesOf = new Map(Object.entries(text.types.specifiers));
    this.#sharedTypes = text.types.shared;
    this.#hasNews = hasNews;
  }

  /** The record under a name, when all that its options come from is as it was. */
  static readIfCurrent(root: string, name: string): BuildRecord | undefined {
    const file = join(root, GENERATED_FOLDER, FOLDER, name);
    const text = readRecord(file);
    const { files = [], stamps = [] } = text?.restsOn ?? {};
    if (text?.restsOn === undefined || !text.maker.endsWith(codeStamp())) return undefined;
    const changed = files.find((each, at) => !hasStamp(each, stamps, 4 * at));
    if (changed === undefined) return new BuildRecord(file, text, false);
    debug(() => `${changed} has changed since the last build`);
    return undefined;
  }

  /**
   * The record of a build whose options were read. It knows the modules of earlier builds with the same settings.
   *
   * @param settings all that decides what is made, besides the snapshot, as a digest
   * @param folder where the modules lie
   */
  static open(options: ResolvedOptions, name: string, settings: string, folder: string): BuildRecord {
    const { root, snapshotDir, dts, target, manifest } = options;
    const file = join(root, GENERATED_FOLDER, FOLDER, name);
    const maker = `${settings} ${codeStamp()}`;
    const files = options.restsOn?.map(([each]) => each);
    const stamps = options.restsOn?.flatMap(([, stamp]) => stamp);
    const before = readRecord(file);
    const isUsable = before?.maker === maker;
    const restsOn = files && stamps && { files, stamps };
    const isSame = isUsable && JSON.stringify(before.restsOn) === JSON.stringify(restsOn);
    const { modules, specifiers, policies, types, helper } = isUsable
      ? before
      : {
          modules: {},
          specifiers: {},
          policies: {},
          types: { stamps: {}, specifiers: {} },
          helper: [0, 0, 0, 0] as const,
        };
    const kept = { root, snapshotDir, dts, target, manifest };
    const made = { helper, modules, specifiers, policies, types };
    return new BuildRecord(file, { format: FORMAT, maker, options: kept, folder, restsOn, ...made }, !isSame);
  }

  get options(): RecordedOptions {
    return this.#text.options;
  }

  /** The name of the module that a specifier got, where the types declare that rightly. */
  nameOf(specifier: string): string | undefined {
    return this.#isChecked(specifier) ? this.#specifiers.get(specifier) : undefined;
  }

  /** What the config says of a prompt's text in a browser bundle; undefined for a specifier that is not remembered. */
  policyOf(specifier: string): ClientBundlePolicy | undefined {
    return this.#policies.get(specifier);
  }

  /** The module of that name, when it and what it was made of are as they were. */
  find(name: string): CachedModule | undefined {
    const module = this.#modules.get(name);
    if (module === undefined) {
      debug(() => `${name}: no earlier build left its module`);
      return undefined;
    }
    const { stamps } = module;
    this.#hasHelper ??= hasStamp(join(this.#text.folder, HELPER_FILE), this.#helper);
    const isSame =
      this.#hasHelper &&
      hasStamp(this.fileOf(name), stamps) &&
      this.#filesOf(module).every((file, at) => hasStamp(file, stamps, 4 * (at + 1)));
    debug(
      () =>
        `${name}: ${isSame ? "the module of an earlier build" : "made anew, a file that it was made of has changed"}`,
    );
    return isSame ? module : undefined;
  }

  /** The helpers, then the inputs. */
  #filesOf({ helpers, inputs }: CachedModule): string[] {
    const { folder, options } = this.#text;
    return [
      ...helpers.map((helper) => `${folder}/${helper}`),
      ...inputs.map((input) => `${options.snapshotDir}/${input}`),
    ];
  }

  /** Absolute path of a module's file. */
  fileOf(name: string): string {
    return `${this.#text.folder}/${name}.js`;
  }

  /** Remembers a module that was just made. Call {@link save} to keep it. */
  keep(name: string, module: CachedModule): void {
    const files = this.#filesOf(module).map(stampOf);
    // What was read of a file that changed meanwhile is not known.
    const inputs = files.slice(module.helpers.length);
    if (inputs.some((stamp) => hasChangedSince(stamp, this.#begunAt))) return;
    this.#modules.set(name, { ...module, stamps: [stampOf(this.fileOf(name)), ...files].flat() });
    this.#helper = stampOf(join(this.#text.folder, HELPER_FILE));
    this.#hasNews = true;
  }

  /** Remembers which module a specifier got, and whether its text may enter a browser bundle. */
  keepName(specifier: string, name: string, policy: ClientBundlePolicy): void {
    if (this.#specifiers.get(specifier) === name || !this.#modules.has(name)) return;
    this.#specifiers.set(specifier, name);
    this.#policies.set(specifier, policy);
    this.#hasNews = true;
  }

  /** Those of the specifiers that the types are not yet known to declare rightly. */
  unchecked(specifiers: Iterable<string>): string[] {
    return [...specifiers].filter((specifier) => !this.#isChecked(specifier));
  }

  /**
   * Remembers that the types, as they are now, declare these rightly.
   *
   * @param files by specifier, the absolute path of the file that declares it
   * @param shared absolute path of the file with what all of them name, where there is one
   */
  keepChecked(files: ReadonlyMap<string, string>, shared: string | undefined): void {
    const own = [...new Set([...files.values(), ...(shared === undefined ? [] : [shared])])];
    const stamps = own.map((file) => [file, stampOf(file)] as const);
    if (stamps.some(([, stamp]) => hasChangedSince(stamp, this.#begunAt))) return;
    for (const [file, stamp] of stamps) {
      if (this.#hasTypesFile(file)) continue;
      for (const [specifier, other] of this.#typesOf) if (other === file) this.#typesOf.delete(specifier);
      this.#typeStamps.set(file, stamp);
      this.#hasTypes.set(file, true);
    }
    for (const [specifier, file] of files) this.#typesOf.set(specifier, file);
    this.#sharedTypes = shared;
    this.#hasNews = true;
  }

  /** Writes the record, when there is something new in it. */
  async save(): Promise<void> {
    if (!this.#hasNews) return;
    const text: RecordText = {
      ...this.#text,
      helper: this.#helper,
      modules: sorted(this.#modules),
      specifiers: sorted(this.#specifiers),
      policies: sorted(this.#policies),
      types: {
        stamps: sorted(this.#typeStamps),
        specifiers: sorted(this.#typesOf),
        shared: this.#sharedTypes,
      },
    };
    await writeFileAtomic(this.#file, JSON.stringify(text));
  }

  #isChecked(specifier: string): boolean {
    if (this.options.dts === false) return true;
    const file = this.#typesOf.get(specifier);
    const shared = this.#sharedTypes;
    return (
      file !== undefined && this.#hasTypesFile(file) && (shared === undefined || this.#hasTypesFile(shared))
    );
  }

  #hasTypesFile(file: string): boolean {
    const known = this.#hasTypes.get(file);
    if (known !== undefined) return known;
    const stamp = this.#typeStamps.get(file);
    const isSame = stamp !== undefined && stamp[0] !== 0 && hasStamp(file, stamp);
    this.#hasTypes.set(file, isSame);
    return isSame;
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A record that cannot be read is none: everything is made anew, and it is written whole again. */
function readRecord(file: string): RecordText | undefined {
  try {
    const text = JSON.parse(readFileSync(file, "utf8"));
    return text?.format === FORMAT ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The code that makes the modules decides as well: its own file distinguishes one installation from another. */
function codeStamp(): string {
  const file = fileURLToPath(import.meta.url);
  return `${stampOf(file).join(":")}:${file}`;
}
