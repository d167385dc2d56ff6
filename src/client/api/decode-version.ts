import { ValidationError } from "../../errors/classes.ts";
import type { Where } from "../../errors/scope-error.ts";
import { isObject, type JsonObject, type PromptRef, type PromptVersionData } from "../../prompt.ts";
import { decodeMessages } from "./decode-messages.ts";
import { freezeJson } from "./freeze-json.ts";

export interface DecodeOptions {
  /** Is there something in the body that no error can show? */
  readonly isSecret?: (() => boolean) | undefined;
  /** The maximum number of values, and places of a variable in a text. Default: unlimited. */
  readonly mostParts?: number | undefined;
}

/**
 * The platform's response as checked, frozen data. The platform's documentation calls two fields `version_id` and
 * `version`, and the official SDKs call them `id` and `version_number`: both are read. Unknown fields are left out; the
 * body's own objects are frozen, not copied.
 *
 * @param ref what was asked for; a version by ID must have that ID
 * @throws ValidationError `response_invalid`, with the field and what came instead, or with both fields if two
 * spellings of it differ; `response_form_unknown` for a version whose type or content can't be read;
 * `response_too_large` for more values and variables than `mostParts`
 */
export function decodeVersion(
  body: unknown,
  { name: prompt, pin }: PromptRef,
  { isSecret, mostParts = Infinity }: DecodeOptions = {},
): PromptVersionData {
  let about: Where = { prompt };

  /**
   * @param found what came instead; left out if it may contain the token
   * @param isVersion it's a prompt version, but in a form that can't be read
   */
  function refuse(field: string, wanted: string, found: string, value: unknown, isVersion = false) {
    const what = isVersion ? "has an unknown form" : "isn't a prompt version";
    const message = `The response for prompt "${prompt}" ${what}: ${field} must be ${wanted}`;
    const common = { code: isVersion ? "response_form_unknown" : "response_invalid", field } as const;
    return isSecret?.()
      ? new ValidationError(`${message}. It contains the token, so it isn't shown.`, {
          ...common,
          where: { prompt },
        })
      : new ValidationError(`${message}, but ${found}.`, { ...common, value, where: about });
  }
  const refuseValue = (field: string, wanted: string, value: unknown) =>
    refuse(field, wanted, `is ${describe(value)}`, value);
  /** No text of a prompt is shown. */
  const refuseContent = (field: string, wanted: string, value: unknown) =>
    refuse(field, wanted, `is ${isText(value) ? "another text" : describe(value)}`, value, true);

  if (!isObject(body)) throw refuseValue("body", "an object", body);
  const fields = body as JsonObject;

  /** One field, if it's valid; `absent` is the result for a missing field or null. */
  function read<T>(field: string, wanted: string, isRight: (value: unknown) => boolean, absent?: T): T {
    const given = fields[field];
    const value = absent === undefined ? given : (given ?? absent);
    if (!isRight(value)) throw refuseValue(field, wanted, value);
    return value as T;
  }

  /** One field that has two names. */
  function readEither<T>(
    field: string,
    other: string,
    wanted: string,
    isRight: (value: unknown) => boolean,
  ): T {
    const [one, two] = [fields[field], fields[other]];
    if (one == null && two != null) return read(other, wanted, isRight);
    if (two != null && one !== two)
      throw refuse(field, `the same as ${other}`, `is ${describe(one)}, not ${describe(two)}`, one);
    return read(field, wanted, isRight);
  }

  const optionalText = (field: string) => read(field, "text", isText, "") || undefined;

  const budget = { left: mostParts };
  function freeze<T>(field: string, value: T): T {
    const problem = freezeJson(value, budget);
    if (budget.left < 0) {
      throw new ValidationError(
        `The response for prompt "${prompt}" has more than ${mostParts} values and variables.`,
        { code: "response_too_large", field, where: { prompt } },
      );
    }
    if (problem !== undefined) throw refuseValue(field, `without ${problem}`, value);
    return value;
  }

  const id =
    pin.kind === "version"
      ? readEither<string>("id", "version_id", JSON.stringify(pin.versionId), isOneOf(pin.versionId))
      : readEither<string>("id", "version_id", "text", isFilled);
  const promptId = read<string>("prompt_id", "text", isFilled);
  const versionNumber = readEither<number>("version_number", "version", "a whole number", isWholeNumber);
  about = { prompt, versionId: id, versionNumber };
  const sentType = fields.prompt_type ?? "";
  if (!isOneOf("text", "chat", "")(sentType))
    throw refuse("prompt_type", '"text" or "chat"', `is ${describe(sentType)}`, sentType, true);
  const isChat = sentType === "chat";
  if (!isChat && !isText(fields.content)) throw refuseContent("content", "text", fields.content);
  const content = isChat ? decodeMessages(fields.content, refuseContent) : (fields.content as string);
  return Object.freeze({
    id,
    promptId,
    versionNumber,
    type: isText(content) ? "text" : "chat",
    declaredType: isChat && isText(content) ? "chat" : undefined,
    name: isFilled(fields.name) ? fields.name : undefined,
    status: read<PromptVersionData["status"]>(
      "status",
      '"draft", "published" or "archived"',
      isOneOf("draft", "published", "archived"),
    ),
    isProduction: read("is_production", "true or false", isOneOf(true, false), false as boolean),
    content: freeze("content", content),
    declaredVariables: freeze(
      "variables",
      read<readonly string[] | null>("variables", "names", isNames, null),
    ),
    metadata: freeze("metadata", read<JsonObject>("metadata", "an object", isObject, {})),
    tags: fields.tags == null ? undefined : freeze("tags", read<readonly string[]>("tags", "texts", isNames)),
    promotedAt: optionalText("promoted_at"),
    promotedBy: optionalText("promoted_by"),
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

/** What came, in short. Never walks into it, since it can be nested endlessly. */
function describe(value: unknown): string {
  if (value === undefined) return "absent";
  if (isText(value)) return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!isObject(value)) return String(value);
  const keys = JSON.stringify(Object.keys(value).slice(0, 6)).slice(1, -1);
  return `an object of ${keys.slice(0, 120) || "nothing"}`;
}
