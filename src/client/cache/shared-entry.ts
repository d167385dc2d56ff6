import { isTooDeep } from "../../errors/is-too-deep.ts";
import type { PromptRef, Roles } from "../../prompt.ts";
import { decodeVersion } from "../api/decode-version.ts";
import { versionData } from "../prompt-version.ts";
import { createEntry, type VersionEntry } from "./version-entry.ts";

/** So much may the clocks of a fleet's machines differ. */
const MAX_SKEW_MS = 60_000;

/**
 * An entry as text, with everything that reading it needs: its own key, so that one moved to another key is
 * noticed, and the wall-clock time at which the platform confirmed it.
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
 * The entry that `stored` holds, checked as strictly as a response of the platform.
 *
 * @param nowMs monotonic
 * @throws when it is not an entry of this key
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
  // Clocks of different machines differ: an entry from a little ahead is as young as one from now. One from far ahead
  // would be so for good.
  const age = Date.now() - confirmedAt;
  if (age < -MAX_SKEW_MS) throw new RangeError("an entry has a time ahead of this machine's clock");
  const data = decodeVersion(entry.version, ref);
  // Without an ETag: nothing shows that one from the store belongs to this content, which a 304 would confirm for good.
  return createEntry(ref, data, undefined, nowMs - Math.max(0, age), undefined, roles);
}
