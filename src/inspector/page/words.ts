import type { ChangeKind, Grade } from "../../contract/contract.ts";
import type { Row, ShownSide } from "../inspector.ts";

/** A grade in the words of `check`. */
export function gradeText(grade: Grade): string {
  return grade === "none" ? "in step" : grade;
}

/** Does a call, or a read of metadata, no longer work after such a change? */
export function breaks(kind: ChangeKind): boolean {
  return /^(prompt|type|roles|variable-(added|kind)|metadata-(dropped|kind))$/.test(kind);
}

/** The versions of a prompt in the words of `check`: `1 → 2`, `new → 2`, `1 → gone`. */
export function shownVersions(from: number | undefined, to: number | undefined, grade?: Grade): string {
  if (from === undefined) return to === undefined ? "not pulled" : `new → ${to}`;
  if (to === undefined) return grade === "missing" ? `${from} → gone` : String(from);
  return from === to ? String(from) : `${from} → ${to}`;
}

/** `1 call`, `2 calls` */
export function countText(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** `production`, `version 2`, or the ID of a version whose number isn't known. */
export function pinWords(pin: Row["pin"], versionNumber: number | null = null): string {
  if ("label" in pin) return pin.label;
  return versionNumber === null ? pin.version : `version ${versionNumber}`;
}

/** What the address points at: `#/prompt/scope%3Awelcome/platform`. Without a side, the page chooses one. */
export function parseRoute(hash: string) {
  const [page, specifier = "", side = ""] = hash.replace(/^#\/?/, "").split("/").map(decode);
  return page === "prompt" ? { specifier, side } : { specifier: "", side };
}

/** The address of a prompt. */
export function promptLink(specifier: string, ...side: readonly ShownSide[]): string {
  return `#/prompt/${[specifier, ...side].map(encodeURIComponent).join("/")}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A stretch of text, or the code of a character that is invisible or reverses text. */
export interface Sign {
  readonly isHidden: boolean;
  readonly text: string;
}

// The characters that `printable` of the errors would show by their code, except tabs.
const HIDDEN = /(?![\t\n]|\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;

/** Text with its hidden characters made visible: you must see exactly what a prompt contains. */
export function signsOf(text: string): readonly Sign[] {
  const signs: Sign[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(HIDDEN)) {
    // A Windows line end is one line end.
    if (found === "\r" && text[index + 1] === "\n") continue;
    if (index > end) signs.push({ isHidden: false, text: text.slice(end, index) });
    const number = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    signs.push({ isHidden: true, text: `U+${number}` });
    end = index + found.length;
  }
  if (end < text.length) signs.push({ isHidden: false, text: text.slice(end) });
  return signs;
}

/** {@link signsOf} as one text: for an option, which can contain only text. */
export function visible(text: string): string {
  return signsOf(text).reduce((shown, sign) => shown + sign.text, "");
}
