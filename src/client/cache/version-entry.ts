import type { PromptRef, PromptVersionData, Roles } from "../../prompt.ts";
import { type AnyPromptVersion, PromptVersion } from "../prompt-version.ts";

export interface VersionEntry {
  readonly version: AnyPromptVersion;
  /** Resolved with `version`, and returned as it is, so that a hit creates no object. */
  readonly promise: Promise<AnyPromptVersion>;
  readonly etag: string | undefined;
  /** When the platform last confirmed it, on the monotonic clock; before 0 for one that another process fetched. */
  readonly confirmedAtMs: number;
  /** The call's own `cacheTtl`, if it had one. */
  readonly ttlMs: number | undefined;
  /** No background refresh before this time: the last one failed. */
  nextRefreshMs: number;
  /** The last refresh failed with something other than an outage: the next caller fetches, and gets the error. */
  mustAsk: boolean;
}

export function createEntry(
  ref: PromptRef,
  data: PromptVersionData,
  etag: string | undefined,
  confirmedAtMs: number,
  ttlMs: number | undefined,
  roles?: Roles,
): VersionEntry {
  const version = new PromptVersion(ref, data, roles) as AnyPromptVersion;
  return {
    version,
    promise: Promise.resolve(version),
    etag,
    ...confirmed(confirmedAtMs, ttlMs),
  };
}

/** The part of an entry that is new each time the platform confirms it. */
export function confirmed(confirmedAtMs: number, ttlMs: number | undefined) {
  return { confirmedAtMs, ttlMs, nextRefreshMs: 0, mustAsk: false };
}
