import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { isMissing, readTextIfThere, writeFileIfChanged } from "../../files/write-file.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
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
  #saving: Promise<void> = Promise.resolve();

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
    await this.#save(key, entry);
  }

  /**
   * The text of the manifest next to a bundle: everything that this run put into the folder. Undefined if that is
   * nothing and no existing manifest says otherwise.
   */
  textBeside(place: OutputPlace): string | undefined {
    const folder = folderOf(place);
    const beside = [...this.#held.values()].filter((held) => held.folder === folder);
    const isEmpty = beside.every((held) => held.entry.prompts.length === 0);
    if (isEmpty && !(folder !== undefined && existsSync(join(folder, OUTPUT_MANIFEST)))) return undefined;
    return formatManifest(beside.map((held) => held.entry));
  }

  /**
   * One after the other: compilers of one output record at the same time, and the last one written must contain
   * everything.
   */
  #save(key: string, entry: ManifestOutput): Promise<void> {
    const saving = this.#saving.then(() => this.#write(this.#held.get(key)?.entry ?? entry));
    this.#saving = saving.catch(() => {});
    return saving;
  }

  /**
   * Each output has a separate file, and the manifest is made from all of them, so builds that run at the same time
   * don't lose each other's outputs. Each build reads again after it writes the manifest, so the last one to write has
   * seen everything.
   */
  async #write(output: ManifestOutput): Promise<void> {
    const base = join(this.#root, GENERATED_FOLDER);
    const folder = join(base, "outputs");
    const name = createHash("sha256").update(outputKey(output)).digest("hex").slice(0, 16);
    const file = join(folder, `${name}.json`);
    const isEmpty = output.prompts.length === 0;
    // A build without prompts writes nothing, unless an earlier build left an entry to correct.
    if (isEmpty && (await readTextIfThere(file)) === undefined) return;
    if (!(await this.#mayWrite())) return;
    if (isEmpty) await rm(file, { force: true });
    else await writeFileIfChanged(file, `${JSON.stringify(output, null, 2)}\n`);
    const manifest = join(base, "manifest.json");
    // What was just written doesn't have to be read. After the manifest is written, a check shows whether others wrote
    // in the meantime.
    const others = await readOutputs(folder, basename(file));
    let isNew = await writeFileIfChanged(manifest, formatManifest(isEmpty ? others : [output, ...others]));
    while (isNew) isNew = await writeFileIfChanged(manifest, formatManifest(await readOutputs(folder)));
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

/** @param but the name of a file to leave out */
async function readOutputs(folder: string, but?: string): Promise<readonly ManifestOutput[]> {
  const names = (await namesIn(folder)).filter((name) => name !== but);
  const texts = await Promise.all(names.map((name) => readTextIfThere(join(folder, name))));
  return texts.flatMap((text) => readOutput(text) ?? []);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A file that can't be read counts as missing: the next build of that output writes it again. */
function readOutput(text: string | undefined): ManifestOutput | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isManifestOutput(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
