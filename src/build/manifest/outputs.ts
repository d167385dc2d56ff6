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

/** Name of the manifest that lies beside a bundle. */
export const OUTPUT_MANIFEST = "scope-manifest.json";

/** Where a bundler puts what one of its compilers makes. */
export interface OutputPlace {
  readonly bundler: string;
  /** Separates the outputs of several compilers in one folder. */
  readonly compiler?: string | undefined;
  /** Absolute path of the folder, or of the one file; undefined where the build does not know of any. */
  readonly path?: string | undefined;
  /** The path is a file's. Default false. */
  readonly isFile?: boolean;
  /** Names of the files that it writes, from the folder; as far as the bundler says it. */
  readonly writes?: readonly string[];
  /** Gives the absolute paths of the files that it is made of; as far as the bundler says it. */
  readonly reads?: () => readonly string[];
}

interface HeldOutput {
  readonly folder: string | undefined;
  readonly files: ReadonlySet<string>;
  readonly entry: ManifestOutput;
}

/** The folder in which {@link OUTPUT_MANIFEST} lies; undefined where nothing is written. */
export function folderOf({ path, isFile }: OutputPlace): string | undefined {
  return path !== undefined && isFile ? dirname(path) : path;
}

/** What the outputs of one run hold. */
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
   * Writes `.scope/manifest.json` with what an output holds. Several builds of one run into one output add to each
   * other, and one made of another's files holds what that does; what an earlier run said of an output is replaced.
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
   * The text of the manifest beside a bundle: all that this run put into the folder. Undefined where that is nothing, and
   * nothing said otherwise is there.
   */
  textBeside(place: OutputPlace): string | undefined {
    const folder = folderOf(place);
    const beside = [...this.#held.values()].filter((held) => held.folder === folder);
    const isEmpty = beside.every((held) => held.entry.prompts.length === 0);
    if (isEmpty && !(folder !== undefined && existsSync(join(folder, OUTPUT_MANIFEST)))) return undefined;
    return formatManifest(beside.map((held) => held.entry));
  }

  /** One after the other: compilers of one output record at the same time, and the last to be written must hold all. */
  #save(key: string, entry: ManifestOutput): Promise<void> {
    const saving = this.#saving.then(() => this.#write(this.#held.get(key)?.entry ?? entry));
    this.#saving = saving.catch(() => {});
    return saving;
  }

  /**
   * Each output has a file of its own, and the manifest is made of all of them: builds that run at the same time do not
   * lose what the other wrote. Whoever writes the manifest reads again afterwards, so the last to write it has seen all.
   */
  async #write(output: ManifestOutput): Promise<void> {
    const base = join(this.#root, GENERATED_FOLDER);
    const folder = join(base, "outputs");
    const name = createHash("sha256").update(outputKey(output)).digest("hex").slice(0, 16);
    const file = join(folder, `${name}.json`);
    const isEmpty = output.prompts.length === 0;
    // A build without prompts leaves no trace where no earlier one said otherwise.
    if (isEmpty && (await readTextIfThere(file)) === undefined) return;
    if (!(await this.#mayWrite())) return;
    if (isEmpty) await rm(file, { force: true });
    else await writeFileIfChanged(file, `${JSON.stringify(output, null, 2)}\n`);
    const manifest = join(base, "manifest.json");
    // What was just written need not be read; whether others wrote it meanwhile is seen after the manifest is.
    const others = await readOutputs(folder, basename(file));
    let isNew = await writeFileIfChanged(manifest, formatManifest(isEmpty ? others : [output, ...others]));
    while (isNew) isNew = await writeFileIfChanged(manifest, formatManifest(await readOutputs(folder)));
  }

  /** The outputs of this run that some of these files were written for: Nitro makes a server of Vite's. */
  #madeOf(reads: OutputPlace["reads"]): readonly HeldOutput[] {
    if (reads === undefined || this.#held.size === 0) return [];
    const files = reads().map(slashes);
    return [...this.#held.values()].filter((held) => files.some((file) => held.files.has(file)));
  }
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/** @param but the name of a file that is not read */
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

/** What somebody made unreadable is none: the next build of that output writes it anew. */
function readOutput(text: string | undefined): ManifestOutput | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isManifestOutput(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
