import { ValidationError } from "../../errors/classes.ts";
import { isTooDeep } from "../../errors/is-too-deep.ts";
import type { Where } from "../../errors/scope-error.ts";
import {
  type ChatMessage,
  isObject,
  type JsonObject,
  type PromptContent,
  type PromptRef,
  type PromptVersionData,
} from "../../prompt.ts";
import { freezeJson } from "./freeze-json.ts";

export interface DecodeOptions {
  /** Is there something in the body that no error may show? */
  readonly isSecret?: (() => boolean) | undefined;
  /** How many values, and places of a variable in a text, there may be. Default: any number. */
  readonly mostParts?: number | undefined;
  /** Finds the place where a text stops being JSON, for errors. Default: they name none. */
  readonly locateJson?: ((text: string) => Where) | undefined;
}

/**
 * The platform's response as checked, frozen data. Fields that are not known are left out; the body's own objects
 * are frozen, not copied.
 *
 * @param ref what was asked for; a version by ID has that ID
 * @throws ValidationError `response_invalid`, with the field and what came instead; `response_too_large` for more
 * values and variables than `mostParts`
 */
export function decodeVersion(
  body: unknown,
  { name: prompt, pin }: PromptRef,
  { isSecret, mostParts = Infinity, locateJson }: DecodeOptions = {},
): PromptVersionData {
  let about: Where = { prompt };

  function refuse(field: string, wanted: string, value: unknown, place?: Where): ValidationError {
    const message = `The response for prompt "${prompt}" is not a prompt version: ${field} must be ${wanted}`;
    const common = { code: "response_invalid", field } as const;
    return isSecret?.()
      ? new ValidationError(`${message}. It holds the token, and is not shown.`, {
          ...common,
          where: { prompt },
        })
      : new ValidationError(`${message}, and is ${describe(value)}.`, {
          ...common,
          value,
          where: { ...about, ...place },
        });
  }

  if (!isObject(body)) throw refuse("body", "an object", body);

  /** One field, where it is right; `absent` stands for one that is not there, or null. */
  function read<T>(field: string, wanted: string, isRight: (value: unknown) => boolean, absent?: T): T {
    const given = (body as JsonObject)[field];
    const value = absent === undefined ? given : (given ?? absent);
    if (!isRight(value)) throw refuse(field, wanted, value);
    return value as T;
  }

  /** The one place that knows the shape of chat content: an array, a JSON text of one, or `{ messages: [...] }`. */
  function readMessages(): PromptContent {
    const wanted = 'messages of "role" and "content"';
    const { content } = body as { content?: unknown };
    let value = content;
    if (typeof value === "string" && !isTooDeep(value)) {
      try {
        value = JSON.parse(value);
      } catch {
        throw refuse("content", wanted, content, locateJson?.(value as string));
      }
    }
    if (isObject(value)) value = value.messages;
    if (!Array.isArray(value)) throw refuse("content", wanted, content);
    return value.map((message: unknown, index): ChatMessage => {
      const { role, content: text } = Object(message);
      if (!isFilled(role) || !isText(text)) throw refuse(`content[${index}]`, wanted, message);
      return { role, content: text };
    });
  }

  const budget = { left: mostParts };
  function freeze<T>(field: string, value: T): T {
    const problem = freezeJson(value, budget);
    if (budget.left < 0) {
      throw new ValidationError(
        `The response for prompt "${prompt}" has more than ${mostParts} values and variables.`,
        { code: "response_too_large", field, where: { prompt } },
      );
    }
    if (problem !== undefined) throw refuse(field, `without ${problem}`, value);
    return value;
  }

  const type = read("prompt_type", '"text" or "chat"', isOneOf("text", "chat"), "text" as "text" | "chat");
  const id =
    pin.kind === "version"
      ? read<string>("id", JSON.stringify(pin.versionId), isOneOf(pin.versionId))
      : read<string>("id", "a text", isFilled);
  const promptId = read<string>("prompt_id", "a text", isFilled);
  const versionNumber = read<number>("version_number", "a whole number", isWholeNumber);
  about = { prompt, versionId: id, versionNumber };
  return Object.freeze({
    id,
    promptId,
    versionNumber,
    type,
    status: read<PromptVersionData["status"]>(
      "status",
      '"draft", "published" or "archived"',
      isOneOf("draft", "published", "archived"),
    ),
    isProduction: read("is_production", "true or false", isOneOf(true, false), false as boolean),
    content: freeze("content", type === "chat" ? readMessages() : read<string>("content", "a text", isText)),
    declaredVariables: freeze(
      "variables",
      read<readonly string[] | null>("variables", "names", isNames, null),
    ),
    metadata: freeze("metadata", read<JsonObject>("metadata", "an object", isObject, {})),
    createdAt: read("created_at", "a time", isText, ""),
    updatedAt: read("updated_at", "a time", isText, ""),
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isFilled(value: unknown): value is string {
  return isText(value) && value !== "";
}

function isWholeNumber(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNames(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every(isText));
}

function isOneOf(...values: readonly unknown[]): (value: unknown) => boolean {
  return (value) => values.includes(value);
}

/** What came, short: never walks into it, since it may be nested without end. */
function describe(value: unknown): string {
  if (value === undefined) return "absent";
  if (isText(value)) return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!isObject(value)) return String(value);
  const keys = JSON.stringify(Object.keys(value).slice(0, 6)).slice(1, -1);
  return `an object of ${keys.slice(0, 120) || "nothing"}`;
}
