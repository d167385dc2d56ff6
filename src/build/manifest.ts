import { createHash } from "node:crypto";
import { stableJson } from "../snapshot/stable-json.ts";
import type { Answer, AnswerSource } from "./answers.ts";

/** What one prompt of a bundle is, for deployments and for `scope-gen list --built`. */
export interface ManifestPrompt {
  readonly name: string;
  /** Absent when the import is pinned by version. */
  readonly label?: string;
  readonly versionId: string;
  readonly versionNumber: number;
  /** `sha256-` and base64 of the template text (UTF-8), or of a chat's messages as JSON with sorted keys. */
  readonly contentHash: string;
  readonly source: AnswerSource;
  readonly environment: string;
}

export interface Manifest {
  readonly formatVersion: 1;
  readonly prompts: readonly ManifestPrompt[];
}

/** The text of `.scope/manifest.json`: each prompt and pin once, sorted, no times: the same bytes for the same prompts. */
export function formatManifest(prompts: Iterable<ManifestPrompt>): string {
  const byPin = new Map(
    [...prompts].map((prompt) => [`${prompt.name}\n${prompt.label ?? prompt.versionId}`, prompt]),
  );
  const sorted = [...byPin].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, prompt]) => prompt);
  const manifest: Manifest = { formatVersion: 1, prompts: sorted };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What the manifest says of one answer. */
export function manifestPrompt({ ref, version, source, environment }: Answer): ManifestPrompt {
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
