import { createHash } from "node:crypto";

// Crockford's alphabet without I, L, O and U. The first digit of a ULID holds three bits, so it ends at 7.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PROMPT_ID = /^prompt_[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;

/**
 * Is this value a prompt ID? `prompt_` and a valid ULID is one, in upper or lower case; anything else is a name.
 *
 * @example isPromptId("prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV") // true
 * @example isPromptId("prompt_library") // false
 */
export function isPromptId(value: string): boolean {
  return PROMPT_ID.test(value);
}

/** A form of an ID in which two spellings of one ULID are equal. */
export function canonicalPromptId(id: string): string {
  return isPromptId(id) ? `prompt_${id.slice("prompt_".length).toUpperCase()}` : id;
}

/** The ID of a prompt that doesn't give one: derived from its name alone, so it's the same at every start. */
export function derivePromptId(name: string): string {
  return `prompt_${digestAsUlid(["prompt", name])}`;
}

/** The ID of a version that doesn't give one: derived from the prompt's name and the version's number. */
export function deriveVersionId(name: string, versionNumber: number): string {
  return `version_${digestAsUlid(["version", name, String(versionNumber)])}`;
}

function digestAsUlid(parts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  let rest = BigInt(`0x${digest.toString("hex")}`);
  let text = "";
  for (let digit = 0; digit < 26; digit += 1) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}
