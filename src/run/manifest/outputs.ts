import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { withFileLock } from "../../files/critical-section.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { writeFileIfChanged } from "../../files/write-file.ts";
import { GENERATED_FOLDER, isLinked } from "../../project/module-names.ts";
import {
  formatManifest,
  isManifestOutput,
  type ManifestOutput,
  type ManifestPrompt,
  outputKey,
  sortPrompts,
} from "./manifest.ts";

/** Name of the manifest next to a bundle. */
export const OUTPUT_MANIFEST = "scope-manifest.json";

/** Where a bundler puts the files of one of its compilers. */
export interface OutputPlace {
  readonly bundler: string;
  /** Distinguishes the outputs of several compilers in one folder. */
  readonly compiler?: string | undefined;
  /** Absolute path of the folder, or of the one file; undefined if the build doesn't know of any. */
  readonly path?: string | undefined;
  /** The path is a file. Default false. */
  readonly isFile?: boolean;
  /** Names of the files that it writes, relative to the folder, as far as the bundler reports them. */
  readonly writes?: readonly string[];
  /** Returns the absolute paths of the files that it's made from, as far as the bundler reports them. */
  readonly reads?: () => readonly string[];
}

interface HeldOutput {
  readonly folder: string | undefined;
  readonly files: ReadonlySet<string>;
  readonly entry: ManifestOutput;
}

/** The folder of {@link OUTPUT_MANIFEST}; undefined if nothing is written. */
export function folderOf({ path, isFile }: OutputPlace): string | undefined {
  return path !== undefined && isFile ? dirname(path) : path;
}

/** What the outputs of one run contain. */
export class Outputs {
  readonly #root: string;
  readonly #mayWrite: () => Promise<boolean>;
  readonly #held = new Map<string, HeldOutput>();

  /**
   * @param root folder of the config
   * @param mayWrite can the folder of generated modules below it be written?
   */
  constructor(root: string, mayWrite: () => Promise<boolean>) {
    this.#root = root;
    this.#mayWrite = mayWrite;
  }

  /**
   * Writes what an output contains to `.scope/manifest.json`. Several builds of one run into one output add up, and an
   * output made from another's files contains what that one does. What an earlier run said about an output is replaced.
   */
  async record(place: OutputPlace, prompts: readonly ManifestPrompt[]): Promise<void> {
    const { bundler, compiler, path, writes = [], reads } = place;
    const id = {
      output: path === undefined ? null : slashes(relative(this.#root, path)) || ".",
      bundler,
      ...(compiler === undefined ? {} : { compiler }),
    };
    const key = outputKey(id);
    const before = this.#held.get(key);
    const parts = [before, ...this.#madeOf(reads)].flatMap((held) => held?.entry.prompts ?? []);
    const entry: ManifestOutput = { ...id, prompts: sortPrompts([...parts, ...prompts]) };
    const folder = folderOf(place);
    const files = new Set([
      ...(before?.files ?? []),
      ...writes.map((name) => slashes(join(folder ?? "", name))),
    ]);
    this.#held.set(key, { folder, files, entry });
    await this.#write(key, entry);
  }

  /**
   * The text of the manifest next to a bundle: everything that this run put into the folder. Undefined if that is
   * nothing and no existing manifest says otherwise.
   */
  textBeside(place: OutputPlace): string | undefined {
    const folder = folderOf(place);
    const inFolder = [...this.#held.values()].filter((held) => held.folder === folder);
    const isEmpty = inFolder.every((held) => held.entry.prompts.length === 0);
    if (isEmpty && !(folder !== undefined && existsSync(join(folder, OUTPUT_MANIFEST)))) return undefined;
    return formatManifest(inFolder.map((held) => held.entry));
  }

  /** Builds can run at the same time, and compilers of one output record at the same time. */
  async #write(key: string, output: ManifestOutput): Promise<void> {
    if (isLinked(this.#root)) return;
    const file = join(this.#root, GENERATED_FOLDER, "manifest.json");
    const textNow = async () => {
      const others = readOutputs(await readTextIfThere(file)).filter((other) => outputKey(other) !== key);
      return formatManifest([this.#held.get(key)?.entry ?? output, ...others]);
    };
    const text = await textNow();
    // A build without prompts writes nothing, unless an earlier build left an entry to correct.
    if (text === ((await readTextIfThere(file)) ?? formatManifest([])) || !(await this.#mayWrite())) return;
    await withFileLock(file, async () => writeFileIfChanged(file, await textNow()));
  }

  /** The outputs of this run that wrote some of these files: Nitro makes a server from Vite's files. */
  #madeOf(reads: OutputPlace["reads"]): readonly HeldOutput[] {
    if (reads === undefined || this.#held.size === 0) return [];
    const files = reads().map(slashes);
    return [...this.#held.values()].filter((held) => files.some((file) => held.files.has(file)));
  }
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/** A manifest that can't be read counts as missing: the next builds write it again. */
function readOutputs(text = "null"): readonly ManifestOutput[] {
  try {
    const { outputs } = Object(JSON.parse(text)) as { outputs?: unknown };
    return Array.isArray(outputs) ? outputs.filter(isManifestOutput) : [];
  } catch {
    return [];
  }
}
