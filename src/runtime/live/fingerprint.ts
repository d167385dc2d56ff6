import type { LiveVersion } from "../live-types.ts";

/** All of a version that can be served, as one text: with sorted keys, whose order is left to chance elsewhere. */
export function fingerprint({
  versionId,
  versionNumber,
  content,
  metadata,
}: Omit<LiveVersion, "render" | "attributes">): string {
  return JSON.stringify([versionId, versionNumber, content, metadata], (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
