import { ValidationError } from "../../errors/classes.ts";
import type { Where } from "../../errors/scope-error.ts";
import {
  type ChatMessage,
  isObject,
  isTooDeep,
  type JsonObject,
  type PromptContent,
  type PromptRef,
  type PromptVersionData,
} from "../../prompt.ts";

export interface DecodeOptions {
  /** Is there something in the body that no error can show? */
  readonly isSecret?: (() => boolean) | undefined;
  /** The maximum number of values, and places of a variable in a text. Default: unlimited. */
  readonly mostParts?: number | undefined;
}

/** What makes a version's form; where that can't be read, it still is a prompt version. */
const FORM = /^(?:content|prompt_type)/;

/**
 * The platform's response as checked, frozen data, under the documentation's names and those of the official SDKs.
 * Unknown fields are left out.
 *
 * @throws ValidationError `response_invalid`, with the field and what came instead; `response_form_unknown` for a
 * version whose type or content can't be read; `response_too_large` for more values and variables than `mostParts`
 */
export function decodeVersion(
  body: unknown,
  { name: prompt, pin }: PromptRef,
  { isSecret, mostParts }: DecodeOptions = {},
): PromptVersionData {
  if (!isObject(body)) throw new Fields({}, prompt, isSecret).refuse("body", "an object", body);
  const fields = new Fields(body as JsonObject, prompt, isSecret, mostParts);
  const id =
    pin.kind === "version"
      ? fields.readEither<string>("id", "version_id", JSON.stringify(pin.versionId), isOneOf(pin.versionId))
      : fields.readEither<string>("id", "version_id", "text", isFilled);
  const promptId = fields.read<string>("prompt_id", "text", isFilled);
  const versionNumber = fields.readEither<number>(
    "version_number",
    "version",
    "a whole number",
    isWholeNumber,
  );
  fields.about = { prompt, versionId: id, versionNumber };
  const isChat =
    fields.read<string>("prompt_type", '"text" or "chat"', isOneOf("text", "chat", ""), "") === "chat";
  const content = isChat ? decodeMessages(fields) : fields.read<string>("content", "text", isText);
  const { name, tags } = fields.given;
  return Object.freeze({
    id,
    promptId,
    versionNumber,
    type: isText(content) ? "text" : "chat",
    declaredType: isChat && isText(content) ? "chat" : undefined,
    name: isFilled(name) ? name : undefined,
    status: fields.read<PromptVersionData["status"]>(
      "status",
      '"draft", "published" or "archived"',
      isOneOf("draft", "published", "archived"),
    ),
    isProduction: fields.read("is_production", "true or false", isOneOf(true, false), false as boolean),
    content: fields.freeze("content", content),
    declaredVariables: fields.freeze(
      "variables",
      fields.read<readonly string[] | null>("variables", "names", isNames, null),
    ),
    metadata: fields.freeze("metadata", fields.read<JsonObject>("metadata", "an object", isObject, {})),
    tags:
      tags == null
        ? undefined
        : fields.freeze("tags", fields.read<readonly string[]>("tags", "texts", isNames)),
    promotedAt: fields.readText("promoted_at"),
    promotedBy: fields.readText("promoted_by"),
    createdAt: fields.read("created_at", "a time", isText, ""),
    updatedAt: fields.read("updated_at", "a time", isText, ""),
  });
}

/** The fields of a response, each checked when it's read. */
class Fields {
  /** What errors say they are about. */
  about: Where;
  readonly #budget: { left: number } | undefined;

  constructor(
    readonly given: JsonObject,
    readonly prompt: string,
    readonly isSecret: DecodeOptions["isSecret"],
    readonly mostParts?: number,
  ) {
    this.about = { prompt };
    this.#budget = mostParts === undefined ? undefined : { left: mostParts };
  }

  /** One field, if it's valid; `absent` is the result for a missing field or null. */
  read<T>(field: string, wanted: string, isRight: (value: unknown) => boolean, absent?: T): T {
    const given = this.given[field];
    const value = absent === undefined ? given : (given ?? absent);
    if (!isRight(value)) throw this.refuse(field, wanted, value);
    return value as T;
  }

  /** A field that has two names. */
  readEither<T>(field: string, other: string, wanted: string, isRight: (value: unknown) => boolean): T {
    const [one, two] = [this.given[field], this.given[other]];
    if (one == null && two != null) return this.read(other, wanted, isRight);
    if (two != null && one !== two)
      throw this.refuse(field, `the same as ${other}`, one, `${describe(one)}, not ${describe(two)}`);
    return this.read(field, wanted, isRight);
  }

  readText(field: string): string | undefined {
    return this.read(field, "text", isText, "") || undefined;
  }

  freeze<T>(field: string, value: T): T {
    const problem = freezeJson(value, this.#budget);
    if (this.#budget !== undefined && this.#budget.left < 0) {
      throw new ValidationError(
        `The response for prompt "${this.prompt}" has more than ${this.mostParts} values and variables.`,
        { code: "response_too_large", field, where: { prompt: this.prompt } },
      );
    }
    if (problem !== undefined) throw this.refuse(field, `without ${problem}`, value);
    return value;
  }

  /** @param found what came instead; left out if it may contain the token */
  refuse(field: string, wanted: string, value: unknown, found = describe(value, field)): ValidationError {
    const isHidden = this.isSecret?.();
    const came = isHidden ? ". It contains the token, so it isn't shown." : `, but is ${found}.`;
    return new ValidationError(
      `The response for prompt "${this.prompt}" can't be read: ${field} must be ${wanted}${came}`,
      {
        code: FORM.test(field) ? "response_form_unknown" : "response_invalid",
        field,
        ...(isHidden ? { where: { prompt: this.prompt } } : { value, where: this.about }),
      },
    );
  }
}

const WANTED = 'messages of "role" and "content"';

/**
 * The content of a chat prompt. Nothing official shows its form, so this is the one place that knows: an array of
 * messages, a JSON text of one, or `{ messages: [...] }`, with `role` or `type` and `content` or `text`. Next to a
 * `role`, `type` can be anything. A text that isn't the JSON of an array or object is plain text.
 */
function decodeMessages(fields: Fields): PromptContent {
  const { content } = fields.given;
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
  if (!Array.isArray(value)) throw fields.refuse("content", WANTED, content);
  return value.map((message: unknown, index): ChatMessage => {
    const { role, type, content: text, text: other } = Object(message);
    const decoded = { role: role ?? type, content: text ?? other };
    if (typeof decoded.role !== "string" || decoded.role === "" || typeof decoded.content !== "string")
      throw fields.refuse(`content[${index}]`, WANTED, message);
    if (typeof other === "string" && other !== decoded.content)
      throw fields.refuse(`content[${index}].content`, "the same as its text", decoded.content);
    return decoded;
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

/** What came, in short: no text of a prompt. Never walks into it, since it can be nested endlessly. */
function describe(value: unknown, field?: string): string {
  if (value === undefined) return "absent";
  if (isText(value) && field?.startsWith("content")) return "another text";
  if (isText(value)) return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!isObject(value)) return String(value);
  const keys = JSON.stringify(Object.keys(value).slice(0, 6)).slice(1, -1);
  return `an object of ${keys.slice(0, 120) || "nothing"}`;
}

/**
 * Deep-freezes parsed JSON, whose depth is limited. Counts its values and places of variables down from a `budget`, and
 * stops below 0. Returns why it can't be used: a number that JSON can't write again (`1e999`).
 */
export function freezeJson(value: unknown, budget?: { left: number }): string | undefined {
  if (budget !== undefined) {
    budget.left -= typeof value === "string" ? value.split("{{", budget.left + 1).length : 1;
    if (budget.left < 0) return undefined;
  }
  if (typeof value === "number" && !Number.isFinite(value)) return "numbers out of range";
  if (typeof value !== "object" || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const problem = freezeJson(inner, budget);
    if (problem !== undefined) return problem;
  }
  Object.freeze(value);
  return undefined;
}
