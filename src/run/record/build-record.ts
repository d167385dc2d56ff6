import { join, sep } from "node:path";
import { debug } from "../../debug.ts";
import { FileTexts, readIfSound, readOrEmpty } from "../../files/read-file.ts";
import { digestOf, stableJson } from "../../files/stable-json.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type {
  ClientBundlePolicy,
  OptionsOrigin,
  ResolvedOptions,
  ResolvedPromptEntry,
} from "../../project/config/types.ts";
import { GENERATED_FOLDER, isLinked, isNamedByContent } from "../../project/module-names.ts";
import type { PolicySource } from "../../project/versions/source.ts";
import type { PromptRef } from "../../prompt.ts";
import type { ImportPlace } from "../compilation.ts";
import { isForBrowser, type ManifestPrompt, manifestText, type OutputPlace } from "../manifest/outputs.ts";

/**
 * What builds remember between runs of the imports that get what is committed, from the snapshot or because the
 * platform serves the same. If the snapshot files, module files and types of an import have
 * the same text as before, its prompt isn't compiled again. If every source of the options is also unchanged, they
 * aren't loaded either. Every file is read and compared: file times prove nothing. If anything differs, the work is
 * done.
 */
export class BuildRecord {
  readonly snapshot: FileTexts;
  /** What this build has answered from it, by specifier as spelled. */
  readonly met = new Map<string, RecordedImport>();
  /** The prompts whose text entered a browser bundle that way. */
  readonly inBrowser = new Set<string>();
  readonly #name: string;
  readonly #text: RecordText;
  readonly #imports: Map<string, RecordedImport>;
  /** In a build that asks the platform: the imports for which it serves what is committed. */
  readonly #confirmed = new Map<string, RecordedImport>();
  /** In such a build: what it is asked about, each once. */
  readonly #asked = new Map<string, Promise<void>>();
  /** By path, of modules and types; undefined if a file can't be read. Each is read once. */
  readonly #digests = new Map<string, string | undefined>();

  private constructor(name: string, text: RecordText, snapshot = new FileTexts()) {
    this.snapshot = snapshot;
    this.#name = name;
    this.#text = text;
    this.#imports = new Map(Object.entries(text.imports));
  }

  /**
   * The record with a name, if every source of its options is unchanged.
   *
   * @param digestNow of what is at these places, as in `OptionsOrigin`
   */
  static async readIfCurrent(
    root: string,
    name: string,
    digestNow: (places: readonly string[]) => Promise<string>,
  ): Promise<BuildRecord | undefined> {
    const text = readRecord(root, name);
    if (text?.restsOn === undefined) return undefined;
    if (text.restsOn.digest === (await digestNow(text.restsOn.places))) return new BuildRecord(name, text);
    debug(() => "the config or the environment has changed since the last build");
    return undefined;
  }

  /** The record of a build whose options were read, with the imports of earlier builds of the same settings. */
  static open(resolved: ResolvedOptions, name: string, folder: string, snapshot: FileTexts): BuildRecord {
    const { root, snapshotDir, dts, target, manifest, fetch, concurrency, restsOn } = resolved;
    const maker = makerOf(digestOf(stableJson(settingsOf(resolved))));
    const before = readRecord(root, name);
    const imports = before?.maker === maker ? before.imports : {};
    const prompts = fetch === "never" ? [] : [...resolved.prompts];
    const options = { root, snapshotDir, dts, target, manifest, fetch, concurrency, prompts };
    return new BuildRecord(name, { maker, options, folder, restsOn, imports }, snapshot);
  }

  get options(): RecordedOptions {
    return this.#text.options;
  }

  /** The configs that are code, as in `OptionsOrigin`. */
  get ran(): OptionsOrigin["ran"] {
    return this.#text.restsOn?.ran ?? [];
  }

  get isReachedByEnv(): boolean {
    return this.#text.restsOn?.isReachedByEnv === true;
  }

  /** {@link known}, after the platform was asked if the build asks it. */
  async current(
    specifier: string,
    place: BundlePlace,
    source: Pick<PolicySource, "servesCommitted">,
  ): Promise<string | undefined> {
    if (this.options.fetch !== "never") await this.#ask(specifier, source);
    return this.known(specifier, place);
  }

  /** Asks the platform about an import, once: if it serves what is committed, the import is {@link known} then. */
  #ask(specifier: string, source: Pick<PolicySource, "servesCommitted">): Promise<void> {
    const asked = this.#asked.get(specifier) ?? this.#confirm(specifier, source);
    this.#asked.set(specifier, asked);
    return asked;
  }

  /** What an import contained when the record was made, if that can still be answered from it. */
  refsOf(specifier: string): readonly PromptRef[] {
    return this.#find(specifier)?.refs ?? [];
  }

  async #confirm(specifier: string, source: Pick<PolicySource, "servesCommitted">): Promise<void> {
    const recorded = this.#find(specifier);
    if (recorded !== undefined && (await source.servesCommitted(recorded.refs)))
      this.#confirmed.set(specifier, recorded);
  }

  /** The module file of an import, if an earlier build made it; undefined if there's work to do. */
  known(specifier: string, place: BundlePlace): string | undefined {
    const recorded =
      this.options.fetch === "never"
        ? (this.met.get(specifier) ?? this.#find(specifier))
        : this.#confirmed.get(specifier);
    if (recorded === undefined) return undefined;
    const isBrowser = isForBrowser(place, this.options);
    // The build that reads everything refuses it.
    if (isBrowser && recorded.policy === "error") return undefined;
    this.met.set(specifier, recorded);
    if (isBrowser && !place.reportsContent) this.#enterBrowser(recorded);
    return this.#fileOf(recorded.file);
  }

  /** What those of these imports got that were answered from it, and of whose code an output has some. */
  inOutput(specifiers: Iterable<string>, { lacks, ...place }: Pick<OutputPlace, "lacks" | "browser">) {
    const recorded = [...specifiers].flatMap((specifier) => this.met.get(specifier) ?? []);
    const contained = recorded.filter(({ file }) => !lacks?.(this.#fileOf(file)));
    if (lacks && isForBrowser(place, this.options)) for (const one of contained) this.#enterBrowser(one);
    return contained;
  }

  #enterBrowser({ policy, manifest }: RecordedImport): void {
    if (policy === "warn") for (const prompt of manifest) this.inBrowser.add(manifestText(prompt));
  }

  /** What an import got, if that, what it was made from and the types still have the same text. */
  #find(specifier: string): RecordedImport | undefined {
    const recorded = this.#imports.get(specifier);
    if (recorded === undefined) {
      debug(() => `${specifier}: no earlier build compiled its module`);
      return undefined;
    }
    const { inputs, file, helpers, others } = recorded;
    const isSame =
      inputs.every(([input, digest]) => this.#inputDigest(input) === digest) &&
      [file, ...helpers].every((one) => isNamedByContent(one, this.#digest(this.#fileOf(one)))) &&
      others.every(([path, digest]) => this.#digest(path) === digest);
    const found = isSame ? "the module of an earlier build" : "compiled again, one of its files has changed";
    debug(() => `${specifier}: ${found}`);
    return isSame ? recorded : undefined;
  }

  /** Absolute path. */
  #fileOf(file: string): string {
    return `${this.#text.folder}/${file}`;
  }

  /**
   * Remembers what an import got.
   *
   * @param inputs names of the snapshot files that its module was made from
   * @param others the files that declare it correctly, and the schema for its answers, with their texts as they were read
   */
  keep(
    specifier: string,
    module: Omit<RecordedImport, "inputs" | "others">,
    inputs: readonly string[],
    others: ReadonlyMap<string, string | undefined>,
  ): void {
    this.#imports.set(specifier, {
      ...module,
      inputs: inputs.map((input) => [input, this.#inputDigest(input)]),
      others: [...others].map(([file, text]) => [file, digestOf(text ?? "")]),
    });
  }

  async save(): Promise<void> {
    const imports = Object.fromEntries([...this.#imports].sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeRecord(this.#name, { ...this.#text, imports });
  }

  /** Empty if there's no such file, or if it can't be read. */
  #inputDigest(input: string): string {
    try {
      const bytes = this.snapshot.bytes(this.options.snapshotDir + sep + input);
      return bytes === undefined ? "" : digestOf(bytes);
    } catch {
      // Problems with it are reported where it's used.
      return "";
    }
  }

  #digest(file: string): string | undefined {
    if (!this.#digests.has(file)) this.#digests.set(file, readIfSound(file, digestOf));
    return this.#digests.get(file);
  }
}

export type BundlePlace = Pick<ImportPlace, "browser" | "reportsContent">;

export interface DescribedModule {
  /** The prompt, followed by its partials. */
  readonly manifest: readonly ManifestPrompt[];
  readonly warnings: readonly string[];
}

/** What an import, as spelled, got from an earlier build. Module files are named after their content. */
interface RecordedImport extends DescribedModule {
  readonly policy: ClientBundlePolicy;
  /** Name of its module's file. */
  readonly file: string;
  /** What it contains: the prompt, followed by its partials. */
  readonly refs: readonly PromptRef[];
  /** Names of the files that this one imports from its folder. */
  readonly helpers: readonly string[];
  /** Names of the snapshot files that it was made from, each with the digest of the text that was read. */
  readonly inputs: readonly (readonly [name: string, digest: string])[];
  /** The files of types that declare it correctly, and the schema for its answers, each with the digest of its text. */
  readonly others: readonly (readonly [file: string, digest: string])[];
}

/** The options needed by a build that finds everything unchanged. */
interface RecordedOptions
  extends Pick<
    ResolvedOptions,
    "root" | "snapshotDir" | "dts" | "target" | "manifest" | "fetch" | "concurrency"
  > {
  /** Empty in a build that asks nobody. */
  readonly prompts: readonly (readonly [key: string, ResolvedPromptEntry])[];
}

/** What is in the file of a record. */
interface RecordText {
  /** What the modules depend on apart from the snapshot: settings and code. */
  readonly maker: string;
  readonly options: RecordedOptions;
  /** Absolute path of the modules' folder. */
  readonly folder: string;
  readonly restsOn: OptionsOrigin | undefined;
  readonly imports: Readonly<Record<string, RecordedImport>>;
}

/** Filled in by this package's own build: a digest of its sources. */
declare const PACKAGE_DIGEST: string | undefined;

/** Identifies the code that makes the modules. Run as source, in this package's tests, there is only one. */
const CODE_ID = typeof PACKAGE_DIGEST === "string" ? PACKAGE_DIGEST : "source";

/** Everything except the snapshot that decides what is made: all options but the secrets. */
function settingsOf({ connection, prompts, restsOn: _, ...rest }: ResolvedOptions): unknown {
  const { baseUrl, environment, credentials } = connection;
  return { ...rest, prompts: [...prompts], baseUrl, environment, orgId: credentials?.orgId };
}

function makerOf(settings: string): string {
  return `${settings} ${CODE_ID}`;
}

/**
 * The record with a name. The first line of its file is the digest of the rest. One that isn't exactly as this code
 * wrote it doesn't count: everything is made again, and the whole record is rewritten.
 */
function readRecord(root: string, name: string): RecordText | undefined {
  try {
    if (isLinked(root)) return undefined;
    const whole = readOrEmpty(join(root, GENERATED_FOLDER, "builds", name));
    const at = whole.indexOf("\n");
    const text = whole.slice(at + 1);
    if (at === -1 || whole.slice(0, at) !== digestOf(text)) return undefined;
    const record: RecordText = JSON.parse(text);
    return record.maker.endsWith(makerOf("")) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** If it can't be written, the next build does more work. */
async function writeRecord(name: string, record: RecordText): Promise<void> {
  const file = join(record.options.root, GENERATED_FOLDER, "builds", name);
  const text = JSON.stringify(record);
  const whole = `${digestOf(text)}\n${text}`;
  try {
    if (readOrEmpty(file) !== whole) await writeFileAtomic(file, whole);
  } catch (error) {
    debug(() => `the record of this build can't be written: ${(error as Error).message}`);
  }
}
