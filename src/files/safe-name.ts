import { type Label, type Pin, type PromptRef, pinText } from "../prompt.ts";
import { digestOf } from "./stable-json.ts";

const MAX_LENGTH = 120;
/** Windows reserves these for devices, whatever follows the first dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
/** What a cut name looks like. A name that already looks like this is cut too, or it could get another's file. */
const LOOKS_CUT = /^.{100}~[0-9a-f]{16}$/;
/** Most names need no change. */
const ORDINARY = /^[a-z0-9_-][a-z0-9._-]{0,119}$/;

/**
 * A name as part of a file name that every file system keeps distinct: bytes outside `[a-z0-9._-]` become `~XX`, upper
 * case among them (`G` → `~47`), and so does the first one of `.x` and of names that Windows reserves. Over 120 bytes,
 * the first 100, `~` and 16 hex digits of the name's SHA-256 remain.
 *
 * @example safeName("support/Triage") === "support~2F~54riage"
 */
export function safeName(name: string): string {
  if (ORDINARY.test(name) && !RESERVED.test(name)) return name;
  let escaped = name.replace(/[^a-z0-9._-]+/g, (part) =>
    Array.from(Buffer.from(part, "utf8"), escapeByte).join(""),
  );
  if (escaped.startsWith(".") || RESERVED.test(escaped)) {
    escaped = escapeByte(escaped.charCodeAt(0)) + escaped.slice(1);
  }
  if (escaped.length <= MAX_LENGTH && !LOOKS_CUT.test(escaped)) return escaped;
  return `${escaped.slice(0, 100)}~${digestOf(name).slice(0, 16)}`;
}

function escapeByte(byte: number): string {
  return `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** `<name>@<label or version id>`, both made safe: the base of every file that belongs to one prompt and pin. */
export function refFileBase(ref: PromptRef): string {
  return `${safeName(ref.name)}@${safePin(ref.pin)}`;
}

/** What {@link refFileBase} made a text from; undefined for a name that it cut, and for other texts. */
export function refOfFileBase(base: string): PromptRef | undefined {
  const [name, pin, ...rest] = base.split("@").map(unescaped);
  if (name === undefined || pin === undefined || rest.length > 0) return undefined;
  const isLabel = base.endsWith("@production") || base.endsWith("@latest");
  const ref: PromptRef = {
    name,
    pin: isLabel ? { kind: "label", label: pin as Label } : { kind: "version", versionId: pin },
  };
  return refFileBase(ref) === base ? ref : undefined;
}

function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part.replaceAll("~", "%"));
  } catch {
    // A `~` without two digits, or bytes that aren't UTF-8.
    return undefined;
  }
}

/** A pin as part of a file name. A version ID that is also a label's name is escaped in its first byte. */
export function safePin(pin: Pin): string {
  const safe = safeName(pinText(pin));
  const isLabel = safe === "production" || safe === "latest";
  return pin.kind === "version" && isLabel ? escapeByte(safe.charCodeAt(0)) + safe.slice(1) : safe;
}

/** Does a file's name look like a snapshot's: {@link refFileBase} and `.json`? */
export function isSnapshotName(name: string): boolean {
  return /^[a-z0-9._~-]+@[a-z0-9._~-]+\.json$/i.test(name);
}
