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

/** The ID of a prompt, or of one of its versions, that doesn't give one: the same at every start and on every machine. */
export function deriveId(kind: "prompt" | "version", ...parts: readonly string[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([kind, ...parts]))
    .digest("hex");
  const digits = BigInt(`0x${digest.slice(0, 32)}`)
    .toString(32)
    .padStart(26, "0");
  return `${kind}_${digits.replace(/./g, (digit) => ALPHABET.charAt(Number.parseInt(digit, 32)))}`;
}
