import { createHash } from "node:crypto";
import type { PromptContent } from "../../src/prompt.ts";

const SHORT = 40;

/** A text in little room: itself when it is short, else its length and a hash. As in scope_sdk_driver.py. */
export function fingerprint(text: string): string {
  // The driver counts code points.
  if ([...text].length <= SHORT) return `=${text}`;
  const hash = createHash("sha256").update(Buffer.from(text, "utf16le")).digest("hex");
  return `${text.length}:${hash.slice(0, 16)}`;
}

/** A text as it is, messages as one text. */
export function flatten(content: PromptContent): string {
  if (typeof content === "string") return content;
  return content.map((message) => `${message.role}\u0001${message.content}`).join("\0");
}
