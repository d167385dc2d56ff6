import type { LiveStatus, LiveVersion, VersionName } from "../live-types.ts";
import type { LivePrompt } from "./live-prompt.ts";

/** How a prompt stands: once for each version of it that was compiled. */
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
