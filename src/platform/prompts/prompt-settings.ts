import { didYouMean } from "../../errors/nearest-name.ts";
import type { JsonObject, PromptStatus } from "../../prompt.ts";
import { isObject } from "../../prompt.ts";
import { Refusal } from "../refusal.ts";

/** What `prompt.json` says; every part of it is optional. */
export interface PromptSettings {
  readonly id: string | undefined;
  /** A version number; null for "no version is production"; undefined for "the highest is". */
  readonly production: number | null | undefined;
  /** By version number. */
  readonly versions: ReadonlyMap<number, VersionSettings>;
}

interface VersionSettings {
  readonly id: string | undefined;
  readonly status: PromptStatus | undefined;
  readonly metadata: JsonObject | undefined;
  readonly tags: readonly string[];
  /** As it is in the file, a time that `Date` can read. */
  readonly promotedAt: string | null;
  readonly promotedBy: string | null;
}

export const NO_SETTINGS: PromptSettings = { id: undefined, production: undefined, versions: new Map() };

const STATUSES: readonly string[] = ["draft", "published", "archived"];

/**
 * Decodes the text of a `prompt.json`.
 *
 * @param file the file's path as shown in an error
 * @throws Refusal 422 `invalid_prompt` naming the file and the key
 */
export function decodePromptSettings(text: string, file: string): PromptSettings {
  const data = asObject(parseJson(text, file), file, "it");
  checkKeys(data, ["$schema", "id", "production", "versions"], file, "");
  const versions = new Map<number, VersionSettings>();
  if (data.versions !== undefined) {
    for (const [key, value] of Object.entries(asObject(data.versions, file, `"versions"`))) {
      const path = `versions.${key}`;
      if (!isVersionNumber(key)) throw invalid(file, `"${path}": "${key}" is not a version number`);
      versions.set(Number(key), decodeVersion(asObject(value, file, `"${path}"`), file, path));
    }
  }
  return {
    id: data.id === undefined ? undefined : asText(data.id, file, "id"),
    production: decodeProduction(data.production, file),
    versions,
  };
}

/** Is this text the number in `N.md`: 1 and up, without a leading zero? */
export function isVersionNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

/** JSON of a file, with the parser's own message about where it isn't valid. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw invalid(file, `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function invalid(file: string, problem: string): Refusal {
  // Not a 5xx: a client takes that for an outage, tries again and reports that the platform is down.
  return new Refusal(422, "invalid_prompt", `${file} cannot be used: ${problem}.`);
}

function decodeVersion(data: Record<string, unknown>, file: string, path: string): VersionSettings {
  checkKeys(data, ["id", "status", "metadata", "tags", "promoted_at", "promoted_by"], file, `${path}.`);
  const { id, metadata, tags = [], promoted_at = null, promoted_by = null } = data;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw invalid(file, `"${path}.tags" must be a list of texts`);
  }
  const promotedAt = promoted_at === null ? null : asText(promoted_at, file, `${path}.promoted_at`);
  if (promotedAt !== null && Number.isNaN(Date.parse(promotedAt))) {
    throw invalid(file, `"${path}.promoted_at" must be a time such as "2025-01-31T09:30:00Z"`);
  }
  return {
    id: id === undefined ? undefined : asText(id, file, `${path}.id`),
    status: decodeStatus(data.status ?? undefined, file, path),
    // What JSON.parse returned is JSON by construction.
    metadata:
      metadata === undefined
        ? undefined
        : (asObject(metadata ?? {}, file, `"${path}.metadata"`) as JsonObject),
    tags,
    promotedAt,
    promotedBy: promoted_by === null ? null : asText(promoted_by, file, `${path}.promoted_by`),
  };
}

function decodeStatus(value: unknown, file: string, path: string): PromptStatus | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && STATUSES.includes(value)) return value as PromptStatus;
  const known = STATUSES.join(", ");
  throw invalid(file, `"${path}.status" must be one of ${known}, not ${JSON.stringify(value)}`);
}

function decodeProduction(value: unknown, file: string): number | null | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(file, `"production" must be a version number or null, not ${JSON.stringify(value)}`);
}

function asObject(value: unknown, file: string, what: string): Record<string, unknown> {
  if (isObject(value)) return value;
  throw invalid(file, `${what} must be an object`);
}

function asText(value: unknown, file: string, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(file, `"${path}" must be text`);
}

// A misspelt "production" would silently serve the wrong version.
function checkKeys(data: object, known: readonly string[], file: string, prefix: string): void {
  for (const key of Object.keys(data)) {
    if (known.includes(key)) continue;
    const advice = didYouMean(key, known, `Known are ${known.join(", ")}`);
    throw invalid(
      file,
      `"${prefix}${key}" is not known; ${advice.charAt(0).toLowerCase()}${advice.slice(1)}`,
    );
  }
}
