import { didYouMean } from "../../errors/nearest-name.ts";
import { isObject, type JsonObject, type PromptStatus } from "../../prompt.ts";
import { Refusal } from "../refusal.ts";

/** What `prompt.json` says; every part of it is optional. */
export interface PromptSettings {
  readonly id?: string;
  /** A version number; null for "no version is production"; undefined for "the highest is". */
  readonly production?: number | null;
  /** By version number. */
  readonly versions?: Readonly<Record<string, VersionSettings>>;
}

export interface VersionSettings {
  readonly id?: string;
  readonly status?: PromptStatus | null;
  readonly metadata?: JsonObject | null;
  readonly tags?: readonly string[];
  /** A time that `Date` can read. */
  readonly promoted_at?: string | null;
  readonly promoted_by?: string | null;
}

type Check = readonly [isRight: (value: unknown) => boolean, wanted: string];

const isText = (value: unknown) => typeof value === "string" && value !== "";
const orNull = (isRight: Check[0]) => (value: unknown) => value === null || isRight(value);

const PROMPT: Readonly<Record<string, Check>> = {
  $schema: [() => true, "anything"],
  id: [isText, "text"],
  production: [
    orNull((value) => Number.isSafeInteger(value) && (value as number) > 0),
    "a version number or null",
  ],
  versions: [isObject, "an object"],
};
const VERSION: Readonly<Record<string, Check>> = {
  id: [isText, "text"],
  status: [
    orNull((value) => ["draft", "published", "archived"].includes(value as string)),
    "one of draft, published, archived",
  ],
  metadata: [orNull(isObject), "an object"],
  tags: [(value) => Array.isArray(value) && value.every((tag) => typeof tag === "string"), "a list of texts"],
  promoted_at: [
    orNull((value) => isText(value) && !Number.isNaN(Date.parse(value as string))),
    'a time such as "2025-01-31T09:30:00Z"',
  ],
  promoted_by: [orNull(isText), "text"],
};

/**
 * Decodes the text of a `prompt.json`.
 *
 * @param file the file's path as shown in an error
 * @throws Refusal 422 `invalid_prompt` naming the file and the key
 */
export function decodePromptSettings(text: string, file: string): PromptSettings {
  const settings = parseJson(text, file);
  if (!isObject(settings)) throw invalid(file, "it must be an object");
  check(settings, PROMPT, file, "");
  for (const [key, version] of Object.entries((settings as PromptSettings).versions ?? {})) {
    const path = `versions.${key}`;
    if (!isVersionNumber(key)) throw invalid(file, `"${path}": "${key}" isn't a version number`);
    if (!isObject(version)) throw invalid(file, `"${path}" must be an object`);
    check(version, VERSION, file, `${path}.`);
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

export function invalid(file: string, problem: string): Refusal {
  // Not a 5xx: a client takes that for an outage, tries again and reports that the platform is down.
  return new Refusal(422, "invalid_prompt", `${file} can't be used: ${problem}.`);
}

// A mistyped "production" would silently serve the wrong version.
function check(data: object, checks: Readonly<Record<string, Check>>, file: string, prefix: string): void {
  for (const [key, value] of Object.entries(data)) {
    const [isRight, wanted] = (Object.hasOwn(checks, key) && checks[key]) || [];
    if (isRight === undefined) {
      const known = Object.keys(checks);
      const advice = didYouMean(key, known, `The keys are ${known.join(", ")}.`);
      throw invalid(file, `"${prefix}${key}" isn't known. ${advice.replace(/\.$/, "")}`);
    }
    if (!isRight(value)) throw invalid(file, `"${prefix}${key}" must be ${wanted}`);
  }
}
