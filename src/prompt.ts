/** The words of the domain as types. Everything else in `src` uses these terms. */

/** The labels of a prompt: the platform serves these two and no other. */
export type Label = "production" | "latest";

/** Which version of a prompt is requested: what a label points at, or one fixed version. */
export type Pin =
  | { readonly kind: "label"; readonly label: Label }
  | {
      readonly kind: "version";
      readonly versionId: string;
      /** For messages alone; undefined while nothing is committed for it. */
      readonly versionNumber?: number | undefined;
    };

/** A prompt as requested from the platform: its name or ID, and the pin. */
export interface PromptRef {
  /** Prompt name or `prompt_…` ID, decoded, as sent to the platform. */
  readonly name: string;
  readonly pin: Pin;
}

/**
 * Can a text be one segment of a path? Every URL parser on the way turns "." and ".." into a different path, encoded or
 * not; half a surrogate pair can't be encoded as UTF-8.
 */
export function canBeName(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && text.isWellFormed();
}

export type PromptType = "text" | "chat";
export type PromptStatus = "draft" | "published" | "archived";

/** One message of a chat prompt; `content` is a template, `role` never is. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** The role that a message has when it's sent to a model, by stored role in lower case; `false`: as stored. */
export type Roles = Readonly<Record<string, string>> | false;

/**
 * The platform's page stores `HUMAN` and `SYSTEM`, some tools `ai`. Model SDKs accept the words on the right, in lower
 * case.
 */
export const DEFAULT_ROLES: Roles = /* @__PURE__ */ Object.freeze({
  human: "user",
  ai: "assistant",
  system: "system",
  developer: "developer",
  user: "user",
  assistant: "assistant",
  tool: "tool",
});

/** The roles of a config: its entries add to the default ones, `false` stays. */
export function rolesOf(given: Readonly<Record<string, string>> | false | undefined): Roles {
  if (given === undefined) return DEFAULT_ROLES;
  const lowered = Object.entries(given).map(([stored, role]) => [stored.toLowerCase(), role]);
  return given && Object.freeze({ ...DEFAULT_ROLES, ...Object.fromEntries(lowered) });
}

/**
 * The role that a message with a stored role has when it's sent to a model; an unknown one stays as it is.
 *
 * @example mapRole("HUMAN", DEFAULT_ROLES) // "user"
 */
export function mapRole(stored: string, roles: Roles): string {
  const key = stored.toLowerCase();
  return roles && Object.hasOwn(roles, key) ? (roles[key] as string) : stored;
}

/** A text prompt's template, or a chat prompt's messages, verbatim. */
export type PromptContent = string | readonly ChatMessage[];

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Is a value what JSON calls an object? */
export function isObject(value: JsonValue | undefined): value is JsonObject;
export function isObject(value: unknown): value is Record<string, unknown>;
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A prompt version as the platform returned it, decoded and checked. Plain, frozen data. */
export interface PromptVersionData {
  /** Version ID (`version_…`). */
  readonly id: string;
  readonly promptId: string;
  /** What the platform calls the prompt; undefined if it doesn't say. Never in a snapshot. */
  readonly name?: string | undefined;
  /** Its name now, or its ID, if the platform no longer has it under the requested name. Never in a snapshot. */
  readonly renamedTo?: string | undefined;
  readonly versionNumber: number;
  readonly type: PromptType;
  /** What the platform declares, if its content is something else: of a chat, one plain text. Never in a snapshot. */
  readonly declaredType?: PromptType | undefined;
  readonly status: PromptStatus;
  readonly isProduction: boolean;
  readonly content: PromptContent;
  /** What the platform declares; `null` when it declares nothing. The template has the last word. */
  readonly declaredVariables: readonly string[] | null;
  readonly metadata: JsonObject;
  /** Undefined if the platform doesn't give them; never in a snapshot. */
  readonly tags?: readonly string[] | undefined;
  /** When it was promoted to production, ISO 8601, and who promoted it. Undefined if the platform doesn't say. */
  readonly promotedAt?: string | undefined;
  readonly promotedBy?: string | undefined;
  /** ISO 8601, as the platform wrote them; empty if it didn't. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Template syntax of a prompt; `scope` is the platform's own. */
export type Syntax = "scope" | "mustache";

/** A value that a variable can have. */
export type Value = string | number | bigint | boolean;

/** A pin in keys, files and requests: the label, or the version ID. */
export function pinText(pin: Pin): string {
  return pin.kind === "label" ? pin.label : pin.versionId;
}

/**
 * One text per prompt and pin, as a key for maps: unambiguous whatever characters a name contains, and always one line.
 */
export function refKey(ref: PromptRef): string {
  return JSON.stringify([ref.name, ref.pin.kind, pinText(ref.pin)]);
}

/** A pin as messages name it: the label, or `version 2`; the version ID while its number isn't known. */
export function shownPin(pin: Pin): string {
  const isNumbered = pin.kind === "version" && pin.versionNumber !== undefined;
  return isNumbered ? `version ${pin.versionNumber}` : pinText(pin);
}

/** A prompt and its pin as messages name them: `greeting@production`, `greeting@version 2`. */
export function refText(ref: PromptRef): string {
  return `${ref.name}@${shownPin(ref.pin)}`;
}

/** Are two contents the same text, message by message? */
export function sameContent(a: PromptContent, b: PromptContent): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return (
    a.length === b.length &&
    a.every(({ role, content }, at) => role === b[at]?.role && content === b[at]?.content)
  );
}

/**
 * Is it the same version, with the same text? A draft can be edited under its ID, and so can an archived one that comes
 * back.
 */
function isSameVersion(from: VersionText, to: VersionText): boolean {
  return from.id === to.id && sameContent(from.content, to.content);
}

type VersionText = Pick<PromptVersionData, "id" | "versionNumber" | "content">;

/** `1 → 2`, `2` for the same version, `2, edited` for one that was edited under its ID. */
export function versionChangeText(from: VersionText, to: VersionText): string {
  if (from.id !== to.id) return `${from.versionNumber} → ${to.versionNumber}`;
  return isSameVersion(from, to) ? `${to.versionNumber}` : `${to.versionNumber}, edited`;
}

/** The same thing of two versions. */
export interface Sides<T> {
  readonly from: T;
  readonly to: T;
}

/** What a key of the metadata may be: one of these values, or any value of one kind. */
export type MetadataChoice = readonly (string | number | boolean)[] | "string" | "number" | "boolean";

/** What an editor may choose, by key of the metadata; `?` after a key says that it may be absent. Other keys are free. */
export type MetadataRule = Readonly<Record<string, MetadataChoice>>;

/** A variable's type, narrower than any value: one of these strings, or one of these kinds. */
export type VariableType = readonly string[] | "string" | "number" | "boolean" | "bigint";

/** Deeper than any response that is used. */
const MAX_LEVELS = 200;

/** Is a JSON text nested more deeply than we can use? Parsing it first would block the process for seconds. */
export function isTooDeep(json: string): boolean {
  const count = (sign: string) => json.split(sign, MAX_LEVELS + 2).length - 1;
  // Whatever they mean, so few can't be nested deeper.
  if (count("[") + count("{") <= MAX_LEVELS) return false;
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < json.length; i += 1) {
    const sign = json[i];
    if (sign === "\\") i += 1;
    else if (sign === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    if (depth > MAX_LEVELS) return true;
  }
  return false;
}

/** The order of two texts by code unit, so that it's the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
