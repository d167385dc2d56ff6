import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { toPosix } from "../../errors/printable.ts";
import { namesIn, readIfSound } from "../../files/read-file.ts";
import { safeName } from "../../files/safe-name.ts";
import { stableJson } from "../../files/stable-json.ts";
import { explainUnwritable, writeFileIfChanged } from "../../files/write-file.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { GENERATED_FOLDER, isLinked } from "../../project/module-names.ts";
import type { ResolvedVersion } from "../../project/versions/source.ts";

/** Name of the manifest next to a bundle. */
export const OUTPUT_MANIFEST = "scope-manifest.json";

/** Where the manifests of all outputs are, from the config's folder. */
const MANIFESTS = join(GENERATED_FOLDER, "manifest");

/** The files that `include` doesn't cover, as far as builds have met them: absolute, from every manifest. */
export async function notIncludedInBuilds(root: string): Promise<readonly string[]> {
  if (isLinked(root)) return [];
  const names = await namesIn(join(root, MANIFESTS));
  return names.flatMap((name) => {
    const parsed = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
    const { notIncluded } = Object(readIfSound(join(root, MANIFESTS, name), parsed)) as Partial<Manifest>;
    return Array.isArray(notIncluded) ? notIncluded.map((file) => resolve(root, String(file))) : [];
  });
}

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
  /** By name of the manifest. */
  readonly #held = new Map<string, { readonly folder: string | undefined; readonly manifest: Manifest }>();

  /**
   * @param root folder of the config
   * @param mayWrite can the folder of generated modules below it be written?
   */
  constructor(root: string, mayWrite: () => Promise<boolean>) {
    this.#root = root;
    this.#mayWrite = mayWrite;
  }

  /**
   * Writes what an output contains to a file of its own in `.scope/manifest`, instead of what an earlier run said about
   * it. Several builds of one run into one output add up, and an output made from another's files contains what that one
   * does, as Nitro makes a server from Vite's.
   *
   * @param notIncluded the files with imports that `include` doesn't cover, absolute
   */
  async record(
    place: OutputPlace,
    prompts: readonly ManifestPrompt[],
    notIncluded: readonly string[],
  ): Promise<void> {
    const { bundler, compiler, path, writes = [], reads } = place;
    const fromRoot = (file: string) => toPosix(relative(this.#root, file)) || ".";
    const output = path === undefined ? null : fromRoot(path);
    const name = manifestName(output ?? bundler, compiler);
    const folder = folderOf(place);
    const before = this.#held.get(name)?.manifest;
    const all = (given: readonly string[], earlier: readonly string[] = []) =>
      [...new Set([...earlier, ...given])].sort();
    const files = all(
      writes.map((one) => fromRoot(join(folder ?? "", one))),
      before?.files,
    );
    const outside = all(notIncluded.map(fromRoot), before?.notIncluded);
    const read = new Set(this.#held.size === 0 ? [] : reads?.().map(fromRoot));
    const contained = [...this.#held.values()].flatMap(({ manifest }) =>
      manifest.files?.some((one) => read.has(one)) ? manifest.prompts : [],
    );
    const manifest: Manifest = {
      formatVersion: 1,
      output,
      bundler,
      ...(compiler === undefined ? {} : { compiler }),
      ...(files.length > 0 && { files }),
      ...(outside.length > 0 && { notIncluded: outside }),
      prompts: sortPrompts([...(before?.prompts ?? []), ...contained, ...prompts]),
    };
    this.#held.set(name, { folder, manifest });
    const file = join(this.#root, MANIFESTS, name);
    const isEmpty = manifest.prompts.length === 0;
    if (isLinked(this.#root) || (isEmpty && !existsSync(file)) || !(await this.#mayWrite())) return;
    await explainUnwritable(file, async () => {
      if (isEmpty) await rm(file, { force: true });
      else await writeFileIfChanged(file, formatted(manifest));
    });
  }

  /** The manifest next to a bundle: what this run put there. Undefined if that is nothing, and no manifest is there. */
  textBeside(place: OutputPlace): string | undefined {
    const folder = folderOf(place);
    const outputs = [...this.#held.values()]
      .filter((one) => one.folder === folder && one.manifest.prompts.length > 0)
      .map(({ manifest: { formatVersion: _, ...output } }) => output);
    if (outputs.length === 0 && !(folder !== undefined && existsSync(join(folder, OUTPUT_MANIFEST))))
      return undefined;
    return formatted({ formatVersion: 1, outputs });
  }
}

/** The name of an output's file: `dist/server` of Vite's environment `ssr` is `dist+server@ssr.json`. */
function manifestName(output: string, compiler: string | undefined): string {
  const safe = (path: string) => path.split("/").map(safeName).join("+");
  return `${safe(output)}${compiler === undefined ? "" : `@${safe(compiler)}`}.json`;
}

function formatted(manifest: object): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Describes one prompt of a bundle, for deployments. */
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

/** What one output of a build contains. Sorted and without times, so the same prompts give the same bytes. */
export interface Manifest {
  readonly formatVersion: 1;
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
  /** Files that import prompts and that `include` doesn't cover, relative to the config's folder. Absent if there are none. */
  readonly notIncluded?: readonly string[];
  /** Each prompt and pin once, sorted. */
  readonly prompts: readonly ManifestPrompt[];
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
