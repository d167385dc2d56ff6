import { isTooDeep } from "../../errors/is-too-deep.ts";
import { type ChatMessage, isObject, type PromptContent } from "../../prompt.ts";

const WANTED = 'messages of "role" and "content"';

/**
 * The content of a chat prompt. Neither the platform's documentation nor the official SDKs show what it looks like, so
 * this is the one place that knows: an array of messages, a JSON text of one, or `{ messages: [...] }`. Each message has
 * `role` or `type`, and `content` or `text`; two texts that differ are refused. Next to a `role`, `type` can be
 * anything: in some formats it's always `message`. A text that isn't the JSON of an array or object is plain text.
 *
 * @param refuse makes the error for anything else
 */
export function decodeMessages(
  content: unknown,
  refuse: (field: string, wanted: string, value: unknown) => Error,
): PromptContent {
  let value = content;
  if (typeof content === "string" && !isTooDeep(content)) {
    try {
      value = JSON.parse(content);
    } catch {
      return content;
    }
    if (Object(value) !== value) return content;
  }
  if (isObject(value)) value = value.messages;
  if (!Array.isArray(value)) throw refuse("content", WANTED, content);
  return value.map((message: unknown, index): ChatMessage => {
    const { role, type, content: text, text: other } = Object(message);
    const decoded = { role: role ?? type, content: text ?? other };
    if (typeof decoded.role !== "string" || decoded.role === "" || typeof decoded.content !== "string")
      throw refuse(`content[${index}]`, WANTED, message);
    if (typeof other === "string" && other !== decoded.content)
      throw refuse(`content[${index}].content`, "the same as its text", decoded.content);
    return decoded;
  });
}
