import { isObject, type JsonObject, type PromptStatus } from "../../prompt.ts";
import { type Checks, checkKeys, isText } from "../options.ts";
import { Refusal } from "../refusal.ts";

/** What `prompt.json` says; every part of it is optional. */
export interface PromptSettings {
  readonly id?: string;
  /** A version number; null for "no version is production". */
  readonly production?: number | null;
  /** By version number. */
  readonly versions?: Readonly<Record<string, VersionSettings>>;
}

interface VersionSettings {
  readonly id?: string;
  readonly status?: PromptStatus | null;
  readonly metadata?: JsonObject | null;
  readonly tags?: readonly string[];
  /** A time that `Date` can read. */
  readonly promoted_at?: string | null;
  readonly promoted_by?: string | null;
}

const orNull = (isRight: (value: unknown) => boolean) => (value: unknown) => value === null || isRight(value);
const isTime = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value as string));

const PROMPT: Checks = {
  $schema: [() => true, "anything"],
  id: [isText, "text"],
  production: [
    orNull((value) => Number.isSafeInteger(value) && (value as number) > 0),
    "a version number or null",
  ],
  versions: [isObject, "an object"],
};
const VERSION: Checks = {
  id: [isText, "text"],
  status: [
    orNull((value) => ["draft", "published", "archived"].includes(value as string)),
    "one of draft, published, archived",
  ],
  metadata: [orNull(isObject), "an object"],
  tags: [(value) => Array.isArray(value) && value.every((tag) => typeof tag === "string"), "a list of texts"],
  promoted_at: [orNull(isTime), 'a time such as "2025-01-31T09:30:00Z"'],
  promoted_by: [orNull(isText), "text"],
};

/**
 * Decodes the text of a `prompt.json`.
 *
 * @param file the file's path as shown in an error
 * @throws Refusal 422 `invalid_prompt` naming the file and the key
 */
export function decodePromptSettings(text: string, file: string): PromptSettings {
  const fail = (problem: string, hint?: string) => invalid(file, problem, hint);
  const settings = parseJson(text, file);
  if (!isObject(settings)) throw fail("it must be an object");
  checkKeys(settings, PROMPT, { what: "known", fail });
  for (const [key, version] of Object.entries((settings as PromptSettings).versions ?? {})) {
    const path = `versions.${key}`;
    if (!isVersionNumber(key)) throw fail(`"${path}": "${key}" isn't a version number`);
    if (!isObject(version)) throw fail(`"${path}" must be an object`);
    checkKeys(version, VERSION, { what: "known", prefix: `${path}.`, fail });
  }
  return settings as PromptSettings;
}

/** Is this text the number in `N.md`: 1 and up, without a leading zero? */
export function isVersionNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

/** JSON of a file, with the parser's own message about where it isn't valid. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw invalid(file, `it isn't JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function invalid(file: string, problem: string, hint = ""): Refusal {
  // Not a 5xx: a client takes that for an outage, tries again and reports that the platform is down.
  return new Refusal(422, "invalid_prompt", `${file} can't be used: ${problem}. ${hint}`.trimEnd());
}
