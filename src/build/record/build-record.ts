import { join, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { debug } from "../../config/debug.ts";
import type { ClientBundlePolicy, OptionsOrigin, ResolvedOptions } from "../../config/types.ts";
import { digestOf } from "../../files/digest.ts";
import { FileTexts } from "../../files/file-texts.ts";
import { readIfSound } from "../../files/read-file.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type { ManifestPrompt } from "../manifest/manifest.ts";
import { GENERATED_FOLDER, hasNamedContent } from "../modules/module-names.ts";
import { CODE_ID } from "./code-id.ts";
import { NO_TYPES, RecordedTypes, type TypesText } from "./recorded-types.ts";

/** What a build says about a module. */
export interface DescribedModule {
  /** The prompt, then its partials. */
  readonly manifest: readonly ManifestPrompt[];
  readonly warnings: readonly string[];
}

/** A module that an earlier build made. Files of modules are named by their content. */
export interface CachedModule extends DescribedModule {
  /** Name of its file. */
  readonly file: string;
  /** Names of the files that it imports from its folder. */
  readonly helpers: readonly string[];
  /** Names of the files in the snapshot's folder that it was made of, each with the digest of the text that was read. */
  readonly inputs: readonly (readonly [name: string, digest: string])[];
}

/** The options that a build needs which finds everything as it was. */
export type RecordedOptions = Pick<ResolvedOptions, "root" | "snapshotDir" | "dts" | "target" | "manifest">;

interface RecordText {
  /** What the modules were made by: settings and code. */
  readonly maker: string;
  readonly options: RecordedOptions;
  /** Absolute path of the folder that the modules lie in. */
  readonly folder: string;
  readonly restsOn: OptionsOrigin | undefined;
  readonly modules: Readonly<Record<string, CachedModule>>;
  /** By specifier as spelled, the name of its module. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** By specifier as spelled: two of them may have one module. */
  readonly policies: Readonly<Record<string, ClientBundlePolicy>>;
  readonly types: TypesText;
}

const FOLDER = "builds";

/**
 * What builds from the snapshot remember between runs: a prompt whose snapshot file and module file have the text that they
 * had is not verified and compiled again; and where all that the options come from says the same, the config is not
 * evaluated either. Every file is read and compared: what a file system says of a file's age proves nothing, on
 * images, network folders and coarse clocks least of all. Without a record, or when anything differs, the work is done.
 */
export class BuildRecord {
  /** Where this run has its snapshot files from. */
  readonly snapshot: FileTexts;
  readonly #file: string;
  readonly #text: RecordText;
  readonly #modules: Map<string, CachedModule>;
  readonly #specifiers: Map<string, string>;
  readonly #policies: Map<string, ClientBundlePolicy>;
  /** Of the files in the folder of modules, whether they hold what they are named by; each is looked at once. */
  readonly #isWhole = new Map<string, boolean>();
  /** Undefined where this project has no types written. */
  readonly #types: RecordedTypes | undefined;
  #hasNews: boolean;

  private constructor(file: string, text: RecordText, hasNews: boolean, snapshot = new FileTexts()) {
    this.snapshot = snapshot;
    this.#file = file;
    this.#text = text;
    this.#modules = new Map(Object.entries(text.modules));
    this.#specifiers = new Map(Object.entries(text.specifiers));
    this.#policies = new Map(Object.entries(text.policies));
    this.#types = text.options.dts === false ? undefined : new RecordedTypes(text.types);
    this.#hasNews = hasNews;
  }

  /**
   * The record under a name, when all that its options come from says what it said.
   *
   * @param digestNow of what is at these places, as `OptionsOrigin` has it
   */
  static async readIfCurrent(
    root: string,
    name: string,
    digestNow: (places: readonly string[]) => Promise<string>,
  ): Promise<BuildRecord | undefined> {
    const file = join(root, GENERATED_FOLDER, FOLDER, name);
    const text = readRecord(file);
    if (text?.restsOn === undefined) return undefined;
    if (text.restsOn.digest === (await digestNow(text.restsOn.places)))
      return new BuildRecord(file, text, false);
    debug(() => "the config or the environment has changed since the last build");
    return undefined;
  }

  /**
   * The record of a build whose options were read. It knows the modules of earlier builds with the same settings.
   *
   * @param settings all that decides what is made, but for the snapshot, as a digest
   * @param folder where the modules lie
   * @param snapshot where the build has its snapshot files from
   */
  static open(
    options: ResolvedOptions,
    name: string,
    settings: string,
    folder: string,
    snapshot: FileTexts,
  ): BuildRecord {
    const { root, snapshotDir, dts, target, manifest, restsOn } = options;
    const file = join(root, GENERATED_FOLDER, FOLDER, name);
    const maker = withCode(settings);
    const before = readRecord(file);
    const known = before?.maker === maker ? before : undefined;
    const { modules = {}, specifiers = {}, policies = {} } = known ?? {};
    const { types = NO_TYPES } = known ?? {};
    const kept = { root, snapshotDir, dts, target, manifest };
    const text = { maker, options: kept, folder, restsOn, modules, specifiers, policies, types };
    return new BuildRecord(
      file,
      text,
      known === undefined || !isDeepStrictEqual(known.restsOn, restsOn),
      snapshot,
    );
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

  /** The module of that name, when it and what it was made of have the text that they had. */
  find(name: string): CachedModule | undefined {
    const module = this.#modules.get(name);
    if (module === undefined) {
      debug(() => `${name}: no earlier build left its module`);
      return undefined;
    }
    const isSame =
      module.inputs.every(([input, digest]) => this.#digestOf(input) === digest) &&
      this.#hasContent(module.file) &&
      module.helpers.every((helper) => this.#hasContent(helper));
    debug(
      () =>
        `${name}: ${isSame ? "the module of an earlier build" : "made again, a file that it was made of has changed"}`,
    );
    return isSame ? module : undefined;
  }

  /** Absolute path of a module's file. */
  fileOf({ file }: CachedModule): string {
    return `${this.#text.folder}/${file}`;
  }

  /**
   * Remembers a module that was just made. Call {@link save} to keep it.
   *
   * @param inputs names of the files in the snapshot's folder that it was made of
   */
  keep(name: string, module: Omit<CachedModule, "inputs">, inputs: readonly string[]): void {
    const kept = { ...module, inputs: inputs.map((input) => [input, this.#digestOf(input)] as const) };
    if (JSON.stringify(this.#modules.get(name)) === JSON.stringify(kept)) return;
    this.#modules.set(name, kept);
    // What the types say of it was right for the module before.
    for (const [specifier, other] of this.#specifiers) if (other === name) this.#types?.forget(specifier);
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
   * Remembers that the types declare these rightly.
   *
   * @param files by specifier, the absolute path of the file that declares it
   * @param shared absolute path of the file with what all of them name, where there is one
   * @param texts of these files, as they were read
   */
  keepChecked(
    files: ReadonlyMap<string, string>,
    shared: string | undefined,
    texts: ReadonlyMap<string, string>,
  ): void {
    this.#types?.keep(files, shared, texts);
    this.#hasNews = true;
  }

  /** Writes the record, when there is something new in it. Where it cannot be written, the next build does more work. */
  async save(): Promise<void> {
    if (!this.#hasNews) return;
    const text = JSON.stringify({
      ...this.#text,
      modules: sorted(this.#modules),
      specifiers: sorted(this.#specifiers),
      policies: sorted(this.#policies),
      types: this.#types?.toText() ?? NO_TYPES,
    } satisfies RecordText);
    try {
      await writeFileAtomic(this.#file, `${digestOf(text)}\n${text}`);
    } catch (error) {
      debug(() => `the record of this build cannot be written: ${(error as Error).message}`);
    }
  }

  /** Empty where there is no such file, or none that can be read. */
  #digestOf(input: string): string {
    try {
      const bytes = this.snapshot.bytes(this.options.snapshotDir + sep + input);
      return bytes === undefined ? "" : digestOf(bytes);
    } catch {
      // What is wrong with it is reported where it is used.
      return "";
    }
  }

  #hasContent(file: string): boolean {
    const known = this.#isWhole.get(file);
    if (known !== undefined) return known;
    const isWhole =
      readIfSound(`${this.#text.folder}/${file}`, (bytes) => hasNamedContent(file, bytes)) ?? false;
    this.#isWhole.set(file, isWhole);
    return isWhole;
  }

  #isChecked(specifier: string): boolean {
    return this.#types === undefined || this.#types.isRight(specifier);
  }
}

function withCode(digest: string): string {
  return `${digest} ${CODE_ID}`;
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Its first line is the digest of what follows: a record that is not just as this code wrote it counts as none, everything
 * is made again, and it is written whole.
 */
function readRecord(file: string): RecordText | undefined {
  const whole = readIfSound(file, (bytes) => bytes.toString("utf8")) ?? "";
  const at = whole.indexOf("\n");
  const text = whole.slice(at + 1);
  if (at === -1 || whole.slice(0, at) !== digestOf(text)) return undefined;
  try {
    const record: RecordText = JSON.parse(text);
    return record.maker.endsWith(withCode("")) ? record : undefined;
  } catch {
    return undefined;
  }
}
