import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PIECE = 12;

/** Looks for secrets, whole or any 12 characters of them, as they are and as JSON, URLs, base64 and hex write them. */
export class SecretFinder {
  readonly #pieces = new Map<string, string>();
  /** By the first two bytes of a piece: most places of a text need no further look. */
  readonly #starts = new Uint8Array(65_536);

  /** @param secrets by what they are called in a finding */
  constructor(secrets: Readonly<Record<string, string>>) {
    for (const [name, secret] of Object.entries(secrets)) {
      for (const [form, text] of Object.entries(formsOf(secret))) {
        for (let at = 0; at + PIECE <= text.length; at++)
          this.#add(text.slice(at, at + PIECE), `${name}, ${form}`);
      }
    }
  }

  #add(piece: string, what: string): void {
    this.#pieces.set(piece, what);
    this.#starts[(piece.charCodeAt(0) << 8) | piece.charCodeAt(1)] = 1;
  }

  /** What is found in a text, with what stands before it; undefined: nothing. */
  find(bytes: Buffer): string | undefined {
    for (let at = 0; at + PIECE <= bytes.length; at++) {
      if (this.#starts[((bytes[at] as number) << 8) | (bytes[at + 1] as number)] === 0) continue;
      const what = this.#pieces.get(bytes.toString("latin1", at, at + PIECE));
      if (what !== undefined) return `${what}: ${bytes.toString("latin1", Math.max(0, at - 80), at + PIECE)}`;
    }
    return undefined;
  }

  /** What is found in the files of a folder, by path; links are not followed. */
  async findIn(folder: string): Promise<{ readonly files: number; readonly found: readonly string[] }> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const found: string[] = [];
    for (const file of files) {
      const what = this.find(await readFile(file)) ?? this.find(Buffer.from(file));
      if (what !== undefined) found.push(`${file}: ${what}`);
    }
    return { files: files.length, found };
  }
}

function formsOf(secret: string): Readonly<Record<string, string>> {
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${" ".repeat(shift)}${secret}`).toString("base64");
    // The first and last characters hold bits of what is next to the secret.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return {
    plain: secret,
    JSON: JSON.stringify(secret).slice(1, -1),
    "JSON in JSON": JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    "a URL": encodeURIComponent(secret),
    "a form": new URLSearchParams({ a: secret }).toString().slice(2),
    hex: Buffer.from(secret).toString("hex"),
    ...Object.fromEntries(encoded.map((text, shift) => [`base64 ${shift}`, text])),
  };
}
