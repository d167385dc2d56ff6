import { hash } from "node:crypto";

/** The digest that identifies a text: SHA-256 in hexadecimal digits. */
export function digestOf(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}
