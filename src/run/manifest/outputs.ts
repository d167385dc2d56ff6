import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { toPosix } from "../../errors/printable.ts";
import { withFileLock } from "../../files/critical-section.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { stableJson } from "../../files/stable-json.ts";
import { explainUnwritable, writeFileIfChanged } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { GENERATED_FOLDER, isLinked } from "../../project/module-names.ts";
import type { ResolvedVersion } from "../../project/versions/source.ts";

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
  /** Names of the files with code that it writes, relative to the folder, if the bundler reports them. */
  readonly writes?: readonly string[];
  /** Does the finished output have nothing of a module? By its absolute path; not set if the bundler can't tell. */
  readonly lacks?: ((module: string) => boolean) | undefined;
  /** It's for browsers. */
  readonly browser?: boolean | undefined;
  /** Returns the absolute paths of the files that it's made from, as far as the bundler reports them. */
  readonly reads?: () => readonly string[];
}

/** By the config, or else by the bundler. */
export function isForBrowser(
  { browser }: Pick<OutputPlace, "browser">,
  { target }: Pick<ResolvedOptions, "target">,
): boolean {
  return target === undefined ? browser === true : target === "browser";
}

interface HeldOutput {
  readonly run: Outputs;
  readonly folder: string | undefined;
  readonly entry: ManifestOutput;
}

/** Of all runs of this process: one can fill a folder for each of an extension's scripts. */
let held: readonly HeldOutput[] = [];

/** The folder of {@link OUTPUT_MANIFEST}; undefined if nothing is written. */
export function folderOf({ path, isFile }: OutputPlace): string | undefined {
  return path !== undefined && isFile ? dirname(path) : path;
}

/** Writes {@link OUTPUT_MANIFEST} after the bundler has written its own files. */
export async function writeBeside(folder: string, text: string): Promise<void> {
  const file = join(folder, OUTPUT_MANIFEST);
  await explainUnwritable(file, () => writeFileIfChanged(file, text));
}

/** What the outputs of one run contain. */
export class Outputs {
  readonly #root: string;
  readonly #mayWrite: () => Promise<boolean>;

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
   * output made from another's files contains what that one does, as Nitro makes a server from Vite's. What other runs said
   * about an output is replaced, or if both report files, about these.
   */
  async record(place: OutputPlace, prompts: readonly ManifestPrompt[]): Promise<void> {
    const { bundler, compiler, path, writes = [], reads } = place;
    const id = {
      output: path === undefined ? null : toPosix(relative(this.#root, path)) || ".",
      bundler,
      ...(compiler === undefined ? {} : { compiler }),
    };
    const folder = folderOf(place);
    const isThis = ({ run, entry }: HeldOutput) => run === this && outputKey(entry) === outputKey(id);
    const before = held.find(isThis)?.entry;
    const read = new Set(held.length === 0 ? [] : reads?.().map(toPosix));
    const contained = held.flatMap(({ run, entry: { files, prompts } }) =>
      files?.some((name) => read.has(toPosix(resolve(run.#root, name)))) ? prompts : [],
    );
    const written = writes.map((name) => toPosix(relative(this.#root, join(folder ?? "", name))));
    const files = [...new Set([...(before?.files ?? []), ...written])].sort();
    const entry: ManifestOutput = {
      ...id,
      ...(files.length > 0 && { files }),
      prompts: sortPrompts([...(before?.prompts ?? []), ...contained, ...prompts]),
    };
    const others = held.filter((one) => !isThis(one));
    held = [
      ...others.flatMap((one) =>
        one.run.#root === this.#root
          ? this.#rest(one.entry, entry).map((rest) => ({ ...one, entry: rest }))
          : [one],
      ),
      { run: this, folder, entry },
    ];
    if (isLinked(this.#root)) return;
    const file = join(this.#root, GENERATED_FOLDER, "manifest.json");
    // Builds can run at the same time, and compilers of one output record at the same time.
    const textNow = () => {
      const now = held.find(isThis)?.entry ?? entry;
      return formatManifest([
        now,
        ...readOutputs(readTextIfThere(file)).flatMap((one) => this.#rest(one, now)),
      ]);
    };
    const text = textNow();
    // A build without prompts writes nothing, unless an earlier build left an entry to correct.
    if (text === (readTextIfThere(file) ?? formatManifest([])) || !(await this.#mayWrite())) return;
    await explainUnwritable(file, () => withFileLock(file, async () => writeFileIfChanged(file, textNow())));
  }

  /** What another run's entry for an output is when this one's is written: nothing, if all of it is replaced. */
  #rest(other: ManifestOutput, entry: ManifestOutput): readonly ManifestOutput[] {
    const isSame = outputKey(other) === outputKey(entry);
    if (other.files === undefined || entry.files === undefined) return isSame ? [] : [other];
    // A file of another output may be about to be written.
    const isThere = (name: string) => !isSame || existsSync(resolve(this.#root, name));
    const files = other.files.filter((name) => !entry.files?.includes(name) && isThere(name));
    return files.length === 0 ? [] : [{ ...other, files }];
  }

  /** The manifest next to a bundle: what this process put there. Undefined if that is nothing, and no manifest is there. */
  textBeside(place: OutputPlace): string | undefined {
    const folder = folderOf(place);
    const entries = held.filter((one) => one.folder === folder).map(({ entry }) => entry);
    const isEmpty = entries.every(({ prompts }) => prompts.length === 0);
    if (isEmpty && !(folder !== undefined && existsSync(join(folder, OUTPUT_MANIFEST)))) return undefined;
    return formatManifest(entries);
  }
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

/** Describes one prompt of a bundle, for deployments and for `scope-gen list --built`. */
export interface ManifestPrompt {
  readonly name: string;
  /** Absent when the import is pinned by version. */
  readonly label?: string;
  readonly versionId: string;
  readonly versionNumber: number;
  /** `sha256-` and base64 of the template text (UTF-8), or of a chat's messages as JSON with sorted keys. */
  readonly contentHash: string;
  readonly source: ResolvedVersion["source"];
  readonly environment: string;
}

/** What one output of a build contains. Its files distinguish it from others of the same output, bundler and compiler. */
export interface ManifestOutput {
  /**
   * The output's folder, or its file if the bundler was given one, relative to the config's folder, with forward
   * slashes. Null if the build didn't know of any.
   */
  readonly output: string | null;
  /** Such as `vite` or `webpack`. */
  readonly bundler: string;
  /** Vite's environment, or the name of a webpack compiler. Absent if there is none. */
  readonly compiler?: string;
  /** Its files with code, relative to the config's folder, sorted. Absent if the bundler reports none. */
  readonly files?: readonly string[];
  /** Each prompt and pin once, sorted. */
  readonly prompts: readonly ManifestPrompt[];
}

export interface Manifest {
  readonly formatVersion: 1;
  /** Sorted. An output without prompts has no entry. */
  readonly outputs: readonly ManifestOutput[];
}

/** The text of a manifest. Sorted and without times, so the same prompts give the same bytes. */
function formatManifest(outputs: Iterable<ManifestOutput>): string {
  const manifest: Manifest = {
    formatVersion: 1,
    outputs: [...outputs]
      .filter(({ prompts }) => prompts.length > 0)
      .sort((a, b) => (outputKey(a, a.files) < outputKey(b, b.files) ? -1 : 1)),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function outputKey(
  { output, bundler, compiler }: Omit<ManifestOutput, "prompts">,
  files: readonly string[] = [],
): string {
  return JSON.stringify([output ?? "", bundler, compiler ?? "", ...files]);
}

function sortPrompts(prompts: Iterable<ManifestPrompt>): readonly ManifestPrompt[] {
  const byPin = new Map(
    [...prompts].map((prompt) => [`${prompt.name}\n${prompt.label ?? prompt.versionId}`, prompt]),
  );
  return [...byPin].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, prompt]) => prompt);
}

/** The manifest's entry for one resolved version. */
export function manifestPrompt({ ref, version, source, environment }: ResolvedVersion): ManifestPrompt {
  const text = typeof version.content === "string" ? version.content : stableJson(version.content);
  return {
    name: ref.name,
    ...(ref.pin.kind === "label" ? { label: ref.pin.label } : {}),
    versionId: version.id,
    versionNumber: version.versionNumber,
    contentHash: `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`,
    source,
    environment,
  };
}

/** A prompt and its pin as messages name them, like `refText`. */
export function manifestText({ name, label, versionNumber }: ManifestPrompt): string {
  return `${name}@${label ?? `version ${versionNumber}`}`;
}

/** Is a parsed text one entry of a manifest? */
export function isManifestOutput(value: unknown): value is ManifestOutput {
  const { output, bundler, compiler, files, prompts } = Object(value) as Partial<
    Record<keyof ManifestOutput, unknown>
  >;
  return (
    (output === null || typeof output === "string") &&
    typeof bundler === "string" &&
    (compiler === undefined || typeof compiler === "string") &&
    (files === undefined || (Array.isArray(files) && files.every((name) => typeof name === "string"))) &&
    Array.isArray(prompts) &&
    prompts.every(isPrompt)
  );
}

function isPrompt(value: unknown): value is ManifestPrompt {
  const prompt = Object(value) as Partial<Record<keyof ManifestPrompt, unknown>>;
  return (
    ["name", "versionId", "contentHash", "source", "environment"].every(
      (key) => typeof prompt[key as keyof ManifestPrompt] === "string",
    ) &&
    typeof prompt.versionNumber === "number" &&
    (prompt.label === undefined || typeof prompt.label === "string")
  );
}
