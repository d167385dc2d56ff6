import { ValidationError } from "../../errors/classes.ts";
import { findJsonFault, placeIn } from "../../errors/json-fault.ts";
import type { Where } from "../../errors/scope-error.ts";
import type {
  ChatMessage,
  JsonObject,
  PromptContent,
  PromptStatus,
  PromptVersionData,
} from "../../prompt.ts";
import { freezeJson } from "./freeze-json.ts";

/**
 * The platform's answer as checked, frozen data. Fields that are not known are left out; the body's own objects
 * are frozen, not copied.
 *
 * @param prompt the name that was asked, for errors
 * @param isSecret is there something in the body that no error may show?
 * @throws ValidationError `response_invalid`, with the field and what came instead
 */
export function decodeVersion(body: unknown, prompt: string, isSecret = () => false): PromptVersionData {
  const check = new Check(prompt, isSecret);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw check.refuse("body", "an object", body);
  const answer = body as Record<string, unknown>;
  const type = answer.prompt_type ?? "text";
  if (type !== "text" && type !== "chat") throw check.refuse("prompt_type", '"text" or "chat"', type);
  const id = check.text(answer, "id");
  const promptId = check.text(answer, "prompt_id");
  const versionNumber = check.wholeNumber(answer, "version_number");
  check.isAbout({ versionId: id, versionNumber });
  return Object.freeze({
    id,
    promptId,
    versionNumber,
    type,
    status: check.status(answer),
    isProduction: check.flag(answer, "is_production"),
    content: type === "text" ? check.textContent(answer) : decodeMessages(answer.content, check),
    declaredVariables: check.names(answer, "variables"),
    metadata: check.metadata(answer),
    createdAt: check.time(answer, "created_at"),
    updatedAt: check.time(answer, "updated_at"),
  });
}

/** The one place that knows the shape of chat content: an array, a JSON text of one, or `{ messages: [...] }`. */
function decodeMessages(content: unknown, check: Check): PromptContent {
  const wanted = 'messages of "role" and "content"';
  let value = content;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      const text = value as string;
      throw check.refuse("content", wanted, content, placeIn(text, findJsonFault(text) ?? text.length));
    }
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    value = (value as { messages?: unknown }).messages;
  }
  if (!Array.isArray(value)) throw check.refuse("content", wanted, content);
  return Object.freeze(
    value.map((message: unknown, index): ChatMessage => {
      const { role, content: text } = (message ?? {}) as Record<string, unknown>;
      if (typeof role !== "string" || role === "" || typeof text !== "string") {
        throw check.refuse(`content[${index}]`, wanted, message);
      }
      return Object.freeze({ role, content: text });
    }),
  );
}

/** Reads one field each, or refuses it by name. */
class Check {
  readonly #prompt: string;
  readonly #isSecret: () => boolean;
  #version: Pick<Where, "versionId" | "versionNumber"> = {};

  constructor(prompt: string, isSecret: () => boolean) {
    this.#prompt = prompt;
    this.#isSecret = isSecret;
  }

  /** From here on errors name the version. */
  isAbout(version: Pick<Where, "versionId" | "versionNumber">): void {
    this.#version = version;
  }

  text(answer: Record<string, unknown>, field: string): string {
    const value = answer[field];
    if (typeof value !== "string" || value === "") throw this.refuse(field, "a text", value);
    return value;
  }

  textContent(answer: Record<string, unknown>): string {
    const value = answer.content;
    if (typeof value !== "string") throw this.refuse("content", "a text", value);
    return value;
  }

  wholeNumber(answer: Record<string, unknown>, field: string): number {
    const value = answer[field];
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw this.refuse(field, "a whole number", value);
    return value as number;
  }

  flag(answer: Record<string, unknown>, field: string): boolean {
    const value = answer[field] ?? false;
    if (typeof value !== "boolean") throw this.refuse(field, "true or false", value);
    return value;
  }

  status(answer: Record<string, unknown>): PromptStatus {
    const value = answer.status;
    if (value === "draft" || value === "published" || value === "archived") return value;
    throw this.refuse("status", '"draft", "published" or "archived"', value);
  }

  names(answer: Record<string, unknown>, field: string): readonly string[] | null {
    const value = answer[field] ?? null;
    if (value === null) return null;
    if (!Array.isArray(value) || !value.every((name) => typeof name === "string")) {
      throw this.refuse(field, "a list of names", value);
    }
    return Object.freeze(value as string[]);
  }

  metadata(answer: Record<string, unknown>): JsonObject {
    const value = answer.metadata ?? {};
    if (typeof value !== "object" || Array.isArray(value)) throw this.refuse("metadata", "an object", value);
    const fault = freezeJson(value);
    if (fault !== undefined) throw this.refuse("metadata", `without ${fault}`, value);
    return value as JsonObject;
  }

  time(answer: Record<string, unknown>, field: string): string {
    const value = answer[field] ?? "";
    if (typeof value !== "string") throw this.refuse(field, "a time", value);
    return value;
  }

  refuse(field: string, wanted: string, value: unknown, place: Where = {}): ValidationError {
    const said = `The answer for prompt "${this.#prompt}" is not a prompt version: ${field} must be ${wanted}`;
    const code = "response_invalid";
    if (this.#isSecret()) {
      const where = { prompt: this.#prompt };
      return new ValidationError(`${said}. The answer holds the token, and is not shown.`, {
        code,
        field,
        where,
      });
    }
    const where = { prompt: this.#prompt, ...this.#version, ...place };
    return new ValidationError(`${said}, and is ${describe(value)}.`, { code, field, value, where });
  }
}

/** What came, short: never walks into it, since it may be nested without end. */
function describe(value: unknown): string {
  if (value === undefined) return "absent";
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).slice(0, 6);
    return keys.length === 0
      ? "an empty object"
      : `an object of ${JSON.stringify(keys).slice(1, -1).slice(0, 120)}`;
  }
  return String(value);
}
