import type { LiveStatus, LiveVersion, VersionName } from "../live-types.ts";
import type { LivePrompt } from "./live-prompt.ts";

/** The state of a prompt: once for each compiled version of it. */
export function statusOf({ name, label, compiled, isStale }: LivePrompt): LiveStatus[] {
  return compiled.map(({ version, served, servedText, labelledText, confirmedAt }) => {
    const status =
      isStale || labelledText !== servedText ? "stale" : served === version ? "compiled" : "refreshed";
    return { name, label, status, ...nameOf(served), lastConfirmed: confirmedAt };
  });
}

export function nameOf({ versionId, versionNumber }: LiveVersion): VersionName {
  return { versionId, versionNumber };
}
