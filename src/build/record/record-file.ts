import { join } from "node:path";
import { debug } from "../../debug.ts";
import { digestOf } from "../../files/digest.ts";
import { readIfSound } from "../../files/read-file.ts";
import { writeFileAtomic } from "../../files/write-file.ts";
import type { ClientBundlePolicy, OptionsOrigin, ResolvedOptions } from "../../project/config/types.ts";
import { GENERATED_FOLDER, isLinked } from "../../project/module-names.ts";
import type { ManifestPrompt } from "../manifest/manifest.ts";

/** What a build reports about a module. */
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
export interface RecordedImport {
  /** Name of the module. */
  readonly module: string;
  readonly policy: ClientBundlePolicy;
  /** The files of types that declare it correctly, each with the digest of its text. Undefined if that isn't known. */
  readonly types?: readonly (readonly [file: string, digest: string])[];
}

/** The options needed by a build that finds everything unchanged. */
export type RecordedOptions = Pick<ResolvedOptions, "root" | "snapshotDir" | "dts" | "target" | "manifest">;

/** What is in the file of a record. */
export interface RecordText {
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

/** Identifies settings together with the code that follows them. */
export function makerOf(settings: string): string {
  return `${settings} ${CODE_ID}`;
}

/**
 * The record with a name. The first line of its file is the digest of the rest. One that isn't exactly as this code
 * wrote it doesn't count: everything is made again, and the whole record is rewritten.
 */
export function readRecord(root: string, name: string): RecordText | undefined {
  try {
    if (isLinked(root)) return undefined;
    const whole = readWhole(pathOf(root, name));
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
export async function writeRecord(name: string, record: RecordText): Promise<void> {
  const file = pathOf(record.options.root, name);
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

function pathOf(root: string, name: string): string {
  return join(root, GENERATED_FOLDER, "builds", name);
}
