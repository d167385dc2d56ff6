import { createHash } from "node:crypto";
import { stableJson } from "../../files/stable-json.ts";
import type { ResolvedVersion, VersionSource } from "../../project/versions/source.ts";

/** Describes one prompt of a bundle, for deployments and for `scope-gen list --built`. */
export interface ManifestPrompt {
  readonly name: string;
  /** Absent when the import is pinned by version. */
  readonly label?: string;
  readonly versionId: string;
  readonly versionNumber: number;
  /** `sha256-` and base64 of the template text (UTF-8), or of a chat's messages as JSON with sorted keys. */
  readonly contentHash: string;
  readonly source: VersionSource;
  readonly environment: string;
}

/** What one output of a build contains. Output, bundler and compiler together identify it. */
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
  /** Each prompt and pin once, sorted. */
  readonly prompts: readonly ManifestPrompt[];
}

export interface Manifest {
  readonly formatVersion: 2;
  /** Sorted. An output without prompts has no entry. */
  readonly outputs: readonly ManifestOutput[];
}

/** The text of a manifest. Sorted and without times, so the same prompts give the same bytes. */
export function formatManifest(outputs: Iterable<ManifestOutput>): string {
  const manifest: Manifest = {
    formatVersion: 2,
    outputs: [...outputs]
      .filter(({ prompts }) => prompts.length > 0)
      .sort((a, b) => (outputKey(a) < outputKey(b) ? -1 : 1)),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Identifies an output; outputs are sorted by it. */
export function outputKey({ output, bundler, compiler }: Omit<ManifestOutput, "prompts">): string {
  return JSON.stringify([output ?? "", bundler, compiler ?? ""]);
}

/** Each prompt and pin once, sorted. */
export function sortPrompts(prompts: Iterable<ManifestPrompt>): readonly ManifestPrompt[] {
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
  const { output, bundler, compiler, prompts } = Object(value) as Partial<
    Record<keyof ManifestOutput, unknown>
  >;
  return (
    (output === null || typeof output === "string") &&
    typeof bundler === "string" &&
    (compiler === undefined || typeof compiler === "string") &&
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
