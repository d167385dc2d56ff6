import { isTooDeep } from "../../errors/is-too-deep.ts";
import type { PromptRef, Roles } from "../../prompt.ts";
import { decodeVersion } from "../api/decode-version.ts";
import { versionData } from "../prompt-version.ts";
import { createEntry, type VersionEntry } from "./version-entry.ts";

/** The clocks of a fleet's machines can differ by this much. */
const MAX_SKEW_MS = 60_000;

/**
 * An entry as text, with everything needed to read it: its own key, so that an entry moved to another key is noticed,
 * and the wall-clock time at which the platform confirmed it.
 */
export function encodeShared(key: string, entry: VersionEntry): string {
  const data = versionData(entry.version);
  return JSON.stringify({
    key,
    confirmedAt: Date.now(),
    version: {
      id: data.id,
      prompt_id: data.promptId,
      version_number: data.versionNumber,
      prompt_type: data.type,
      status: data.status,
      is_production: data.isProduction,
      content: data.content,
      variables: data.declaredVariables,
      metadata: data.metadata,
      tags: data.tags,
      promoted_at: data.promotedAt,
      promoted_by: data.promotedBy,
      created_at: data.createdAt,
      updated_at: data.updatedAt,
    },
  });
}

/**
 * The entry in `stored`, checked as strictly as a response from the platform.
 *
 * @param nowMs monotonic
 * @throws if it isn't an entry of this key
 */
export function decodeShared(
  stored: unknown,
  key: string,
  ref: PromptRef,
  nowMs: number,
  roles?: Roles,
): VersionEntry {
  if (typeof stored !== "string") throw new TypeError(`an entry is of type ${typeof stored}`);
  if (isTooDeep(stored)) throw new RangeError("an entry is nested too deep");
  const entry = Object(JSON.parse(stored));
  if (entry.key !== key) throw new TypeError("an entry belongs to another key");
  const { confirmedAt } = entry;
  if (!Number.isFinite(confirmedAt)) throw new TypeError("an entry has no time");
  // Clocks of different machines differ: an entry from slightly in the future counts as new. An entry from the far
  // future would count as new forever.
  const age = Date.now() - confirmedAt;
  if (age < -MAX_SKEW_MS) throw new RangeError("an entry has a time ahead of this machine's clock");
  const data = decodeVersion(entry.version, ref);
  // Without an ETag: nothing proves that the store's ETag belongs to this content, and a 304 would confirm the pair
  // forever.
  return createEntry(ref, data, undefined, nowMs - Math.max(0, age), undefined, roles);
}
