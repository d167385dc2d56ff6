import { isTooDeep } from "../../errors/is-too-deep.ts";
import { type ChatMessage, isObject } from "../../prompt.ts";

const WANTED = 'messages of "role" and "content"';

/**
 * The messages of a chat prompt. Neither the platform's documentation nor the official SDKs show what their content
 * looks like, so this is the one place that knows: an array of messages, a JSON text of one, or `{ messages: [...] }`.
 * Each message has `role` or `type`, and `content` or `text`; two texts that differ are refused. Next to a `role`,
 * `type` can be anything: in some formats it's always `message`.
 *
 * @param refuse makes the error for anything else
 */
export function decodeMessages(
  content: unknown,
  refuse: (field: string, wanted: string, value: unknown) => Error,
): readonly ChatMessage[] {
  let value = content;
  if (typeof value === "string" && !isTooDeep(value)) {
    try {
      value = JSON.parse(value);
    } catch {
      throw refuse("content", WANTED, content);
    }
  }
  if (isObject(value)) value = value.messages;
  if (!Array.isArray(value)) throw refuse("content", WANTED, content);
  return value.map((message: unknown, index) => {
    const { role, type, content: text, text: other } = Object(message);
    const decoded = { role: role ?? type, content: text ?? other };
    if (typeof decoded.role !== "string" || decoded.role === "" || typeof decoded.content !== "string")
      throw refuse(`content[${index}]`, WANTED, message);
    if (typeof other === "string" && other !== decoded.content)
      throw refuse(`content[${index}].content`, "the same as its text", decoded.content);
    return decoded;
  });
}
