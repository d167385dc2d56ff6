import { hash } from "node:crypto";

/** The digest by which a text is known again: SHA-256 in base64. */
export function digestOf(content: string | Uint8Array): string {
  return hash("sha256", content, "base64");
}
