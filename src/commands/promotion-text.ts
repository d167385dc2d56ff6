import type { PromptVersionData } from "../prompt.ts";

/**
 * Who promoted a version, when, and its tags, if the platform says so; otherwise empty. Never from the snapshot, which
 * has neither times nor people.
 *
 * @example promotionText(version) // "promoted 2026-01-20T15:00:00Z by usr_01; tags: checkout, demo"
 */
export function promotionText(version: PromptVersionData | undefined): string {
  const { promotedAt, promotedBy, tags = [] } = version ?? {};
  const who = promotedBy === undefined ? "" : ` by ${promotedBy}`;
  const promotion = promotedAt === undefined && who === "" ? "" : `promoted ${promotedAt ?? ""}`.trim() + who;
  return [promotion, ...(tags.length > 0 ? [`tags: ${tags.join(", ")}`] : [])].filter(Boolean).join("; ");
}
