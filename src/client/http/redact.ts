/** Removes a request's secrets from what its response says: a server may send back what it was sent. */
export class Redactor {
  readonly #secrets: readonly string[];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret !== "");
  }

  /** Call it before a text is cut: a piece of a secret isn't found any more. */
  redact(text: string): string {
    // Each as it is, and as it appears in an address. The longest come first, as one can contain another.
    const shown = this.#secrets
      .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
      .sort((a, b) => b.length - a.length)
      .reduce((rest, form) => rest.replaceAll(form, "[REDACTED]"), text);
    const plain = unescaped(shown);
    return this.#secrets.some((secret) => plain.includes(unescaped(secret))) ? "[REDACTED]" : shown;
  }

  /** Does a text contain one of them? */
  isIn(text: string): boolean {
    return this.redact(text) !== text;
  }
}

/**
 * Removes JSON's escapes: servers write them in different ways (`\/`, `\u002B`), and put one JSON text into another.
 */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4}))?/gi, (_, code) =>
    code ? String.fromCharCode(Number(`0x${code}`)) : "",
  );
}
