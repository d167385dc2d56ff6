import { createHash } from "node:crypto";
import type { PromptContent } from "../prompt.ts";
import type { ServedVersion } from "./prompts/read-prompt.ts";
import type { Refusal } from "./refusal.ts";

/** One response, ready to be written. */
export interface PreparedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for 304, which has none. */
  readonly body: string | undefined;
}

// A folder has no history to read it from.
const CREATED_AT = "2025-01-01T00:00:00.000Z";

/**
 * A version as documented, and under the names that the official SDKs read; 304 without a body if the client already
 * has the same one.
 */
export function versionResponse(found: ServedVersion, ifNoneMatch: string | undefined): PreparedResponse {
  const { prompt, version, content, changedAt } = found;
  const body = JSON.stringify({
    prompt_id: prompt.id,
    version_id: version.id,
    id: version.id,
    name: prompt.name,
    version: version.number,
    version_number: version.number,
    content,
    variables: declaredVariables(content),
    status: version.status,
    is_production: version.number === prompt.production,
    prompt_type: version.type,
    metadata: version.metadata,
    tags: version.tags,
    created_at: CREATED_AT,
    // Unpacked files can be older than that.
    updated_at: changedAt > new Date(CREATED_AT) ? changedAt.toISOString() : CREATED_AT,
    promoted_at: version.promotedAt,
    promoted_by: version.promotedBy,
  });
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { etag, "cache-control": "private, no-cache" };
  const known = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === "*" || tag === etag)) return { status: 304, headers, body: undefined };
  return { status: 200, headers, body };
}

/** The documented form of an error, and the one that the official SDK for Python reads next to it. */
export function refusalResponse(refusal: Refusal): PreparedResponse {
  const { status, code, message, headers } = refusal;
  return { status, headers, body: JSON.stringify({ code, message, error: { code, message } }) };
}

const VARIABLE = /\{\{([\p{L}\p{N}_]+)\}\}/gu;

/** What the platform declares for a content: its variable names, without duplicates, in the order of first use. */
function declaredVariables(content: PromptContent): string[] {
  const texts = typeof content === "string" ? [content] : content.map((message) => message.content);
  const names = texts.flatMap((text) => Array.from(text.matchAll(VARIABLE), ([, name]) => name as string));
  return [...new Set(names)];
}
