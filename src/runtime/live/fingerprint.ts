import type { LiveVersion } from "../live-types.ts";

/** Everything about a version that can be served, as one text. */
export function fingerprint({
  versionId,
  versionNumber,
  content,
  metadata,
}: Omit<LiveVersion, "render" | "attributes">): string {
  return JSON.stringify([versionId, versionNumber, content, metadata]);
}
