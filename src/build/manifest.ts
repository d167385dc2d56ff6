import { createHash } from "node:crypto";
import { pinText } from "../prompt.ts";
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

/** The text of `.scope/manifest.json`: sorted, no times, the same bytes for the same prompts. */
export function formatManifest(answers: Iterable<Answer>): string {
  const prompts = [...answers]
    .map((answer): [string, ManifestPrompt] => [
      `${answer.ref.name}\n${pinText(answer.ref.pin)}`,
      toPrompt(answer),
    ])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, prompt]) => prompt);
  const manifest: Manifest = { formatVersion: 1, prompts };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function toPrompt({ ref, version, source, environment }: Answer): ManifestPrompt {
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
