import crypto from "node:crypto";
import { requireNode } from "../errors/node-version.ts";

// Every entry that builds loads this file, before it calls what newer ones have.
requireNode();

/** JSON without white space, its keys sorted at every depth, except in the values of `inOrder`: one text everywhere. */
export function stableJson(value: unknown, inOrder: readonly string[] = []): string {
  return JSON.stringify(sorted(value, inOrder));
}

/** The same order of keys, formatted for people: two spaces, one array element per line. */
export function prettyStableJson(value: unknown, inOrder: readonly string[] = []): string {
  return JSON.stringify(sorted(value, inOrder), null, 2);
}

function sorted(value: unknown, inOrder: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item, []));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object).sort();
  return Object.fromEntries(
    keys.map((key) => [key, inOrder.includes(key) ? object[key] : sorted(object[key], [])]),
  );
}

/** The digest that identifies a text: SHA-256 in hexadecimal digits. */
export function digestOf(content: string | Uint8Array): string {
  return crypto.hash("sha256", content, "hex");
}
