import { join, sep } from "node:path";
import { debug } from "../../debug.ts";
import { FileTexts, readIfSound } from "../../files/read-file.ts";
import { digestOf, stableJson } from "../../files/stable-json.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type { ClientBundlePolicy, OptionsOrigin, ResolvedOptions } from "../../project/config/types.ts";
import { GENERATED_FOLDER, isLinked, isNamedByContent } from "../../project/module-names.ts";
import type { ManifestPrompt } from "../manifest/outputs.ts";

/**
 * What builds from the snapshot remember between runs. If a prompt's snapshot file and module file have the same text
 * as before, the prompt isn't compiled again. If every source of the options is also unchanged, the config isn't
 * evaluated either. Every file is read and compared: file times prove nothing. If anything differs, the work is done.
 */
export class BuildRecord {
  readonly snapshot: FileTexts;
  readonly #name: string;
  readonly #text: RecordText;
  readonly #modules: Map<string, CachedModule>;
  readonly #imports: Map<string, RecordedImport>;
  /** By path, of modules and types; undefined if a file can't be read. Each is read once. */
  readonly #digests = new Map<string, string | undefined>();

  private constructor(name: string, text: RecordText, snapshot = new FileTexts()) {
    this.snapshot = snapshot;
    this.#name = name;
    this.#text = text;
    this.#modules = new Map(Object.entries(text.modules));
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

  /** The record of a build whose options were read, with the modules of earlier builds of the same settings. */
  static open(resolved: ResolvedOptions, name: string, folder: string, snapshot: FileTexts): BuildRecord {
    const { root, snapshotDir, dts, target, manifest, restsOn } = resolved;
    const maker = makerOf(digestOf(stableJson(settingsOf(resolved))));
    const before = readRecord(root, name);
    const { modules, imports } = before?.maker === maker ? before : { modules: {}, imports: {} };
    const options = { root, snapshotDir, dts, target, manifest };
    return new BuildRecord(name, { maker, options, folder, restsOn, modules, imports }, snapshot);
  }

  get options(): RecordedOptions {
    return this.#text.options;
  }

  /** What a specifier got, if the types declare it correctly. */
  findImport(specifier: string): RecordedImport | undefined {
    return this.hasRightTypes(specifier) ? this.#imports.get(specifier) : undefined;
  }

  hasRightTypes(specifier: string): boolean {
    if (this.options.dts === false) return true;
    const { types } = this.#imports.get(specifier) ?? {};
    return types?.every(([file, digest]) => this.#digest(file) === digest) === true;
  }

  /** The module with that name, if it and what it was made from still have the same text. */
  find(name: string): CachedModule | undefined {
    const module = this.#modules.get(name);
    if (module === undefined) {
      debug(() => `${name}: no earlier build compiled its module`);
      return undefined;
    }
    const { inputs, file, helpers } = module;
    const isSame =
      inputs.every(([input, digest]) => this.#inputDigest(input) === digest) &&
      [file, ...helpers].every((one) => isNamedByContent(one, this.#digest(this.fileOf({ file: one }))));
    const found = isSame ? "the module of an earlier build" : "compiled again, one of its files has changed";
    debug(() => `${name}: ${found}`);
    return isSame ? module : undefined;
  }

  /** Absolute path. */
  fileOf({ file }: Pick<CachedModule, "file">): string {
    return `${this.#text.folder}/${file}`;
  }

  /** @param inputs names of the snapshot files that it was made from */
  keep(name: string, module: Omit<CachedModule, "inputs">, inputs: readonly string[]): void {
    const kept = { ...module, inputs: inputs.map((input) => [input, this.#inputDigest(input)] as const) };
    if (JSON.stringify(this.#modules.get(name)) === JSON.stringify(kept)) return;
    this.#modules.set(name, kept);
    // What the types said about it was right for the previous module.
    for (const [specifier, { policy, ...known }] of this.#imports)
      if (known.module === name) this.#imports.set(specifier, { module: name, policy });
  }

  /** Remembers which module a specifier got, and whether its text can be in a browser bundle. */
  keepImport(specifier: string, module: string, policy: ClientBundlePolicy): void {
    if (this.#imports.get(specifier)?.module === module || !this.#modules.has(module)) return;
    this.#imports.set(specifier, { module, policy });
  }

  /**
   * Remembers that types declare imports correctly.
   *
   * @param files that declare them, by specifier
   * @param texts of these files, as they were read
   */
  keepTypes(
    files: ReadonlyMap<string, readonly string[]>,
    texts: ReadonlyMap<string, string | undefined>,
  ): void {
    for (const [file, text] of texts) this.#digests.set(file, digestOf(text ?? ""));
    for (const [specifier, declaring] of files) {
      const known = this.#imports.get(specifier);
      const types = declaring.map((file) => [file, this.#digest(file) ?? ""] as const);
      if (known !== undefined) this.#imports.set(specifier, { ...known, types });
    }
  }

  async save(): Promise<void> {
    const modules = sorted(this.#modules);
    await writeRecord(this.#name, { ...this.#text, modules, imports: sorted(this.#imports) });
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

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface DescribedModule {
  /** The prompt, followed by its partials. */
  readonly manifest: readonly ManifestPrompt[];
  readonly warnings: readonly string[];
}

/** A module that an earlier build made. Module files are named after their content. */
export interface CachedModule extends DescribedModule {
  /** Name of its file. */
  readonly file: string;
  /** Names of the files that it imports from its folder. */
  readonly helpers: readonly string[];
  /** Names of the snapshot files that it was made from, each with the digest of the text that was read. */
  readonly inputs: readonly (readonly [name: string, digest: string])[];
}

/** What an import, as spelled, got: two spellings can have one module. */
interface RecordedImport {
  readonly module: string;
  readonly policy: ClientBundlePolicy;
  /** The files of types that declare it correctly, each with the digest of its text. Undefined if that isn't known. */
  readonly types?: readonly (readonly [file: string, digest: string])[];
}

/** The options needed by a build that finds everything unchanged. */
type RecordedOptions = Pick<ResolvedOptions, "root" | "snapshotDir" | "dts" | "target" | "manifest">;

/** What is in the file of a record. */
interface RecordText {
  /** What the modules depend on apart from the snapshot: settings and code. */
  readonly maker: string;
  readonly options: RecordedOptions;
  /** Absolute path of the modules' folder. */
  readonly folder: string;
  readonly restsOn: OptionsOrigin | undefined;
  readonly modules: Readonly<Record<string, CachedModule>>;
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
    const whole = readWhole(join(root, GENERATED_FOLDER, "builds", name));
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
    if (readWhole(file) !== whole) await writeFileAtomic(file, whole);
  } catch (error) {
    debug(() => `the record of this build can't be written: ${(error as Error).message}`);
  }
}

function readWhole(file: string): string {
  return readIfSound(file, (bytes) => bytes.toString("utf8")) ?? "";
}
