import { isTooDeep } from "../../client/api/is-too-deep.ts";
import type { ChatMessage, JsonObject, PromptContent } from "../../prompt.ts";
import { freezeParts } from "./freeze-parts.ts";
import { liveError } from "./live-error.ts";

/** The part of a version that a live prompt can serve. */
export interface LiveData {
  readonly versionId: string;
  readonly promptId: string;
  readonly versionNumber: number;
  readonly content: PromptContent;
  readonly metadata: JsonObject;
}

/** Judging a version holds up the server that renders: so many values and variables take some ten milliseconds. */
const MOST_PARTS = 20_000;

/**
 * Reads what `client/decode-version.ts` reads, by the same rules and in fewer bytes, of the fields that are used.
 *
 * @throws ValidationError `response_invalid` with the field; `response_too_large` for more than 20,000 values and
 * variables
 */
export function decodeAnswer(body: unknown): LiveData {
  const answer = Object(body) as Record<string, unknown>;
  const budget = { left: MOST_PARTS };
  const { id: versionId, prompt_id: promptId, version_number: versionNumber } = answer;
  const type = answer.prompt_type ?? "text";
  const metadata = answer.metadata ?? {};
  const content = type === "chat" ? decodeMessages(answer.content) : answer.content;
  const isRight = {
    id: isText(versionId),
    prompt_id: isText(promptId),
    version_number: Number.isSafeInteger(versionNumber) && (versionNumber as number) >= 0,
    prompt_type: type === "text" || type === "chat",
    metadata: typeof metadata === "object" && !Array.isArray(metadata) && freezeParts(metadata, budget),
    content: (type === "chat" ? !!content : typeof content === "string") && freezeParts(content, budget),
  };
  if (budget.left < 0) {
    throw liveError("response_too_large", `The answer is larger than ${MOST_PARTS} values and variables.`);
  }
  for (const [field, isFine] of Object.entries(isRight)) {
    if (!isFine) throw liveError("response_invalid", `The answer is no prompt version: ${field}.`, { field });
  }
  return {
    versionId: versionId as string,
    promptId: promptId as string,
    versionNumber: versionNumber as number,
    content: content as PromptContent,
    metadata: metadata as JsonObject,
  };
}

function decodeMessages(given: unknown): readonly ChatMessage[] | undefined {
  let value = given;
  try {
    if (typeof value === "string" && !isTooDeep(value)) value = JSON.parse(value);
  } catch {
    // No messages, then.
  }
  if (!Array.isArray(value)) value = Object(value).messages;
  if (!Array.isArray(value)) return undefined;
  // So many are too many in any case.
  const messages = value.slice(0, MOST_PARTS).map((message) => {
    const { role, content } = Object(message);
    return { role, content };
  });
  return messages.every(({ role, content }) => isText(role) && typeof content === "string")
    ? messages
    : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
