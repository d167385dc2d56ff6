/** Takes what a request held in confidence out of what its response says: a server may send back what it was sent. */
export class Redactor {
  readonly #secrets: readonly string[];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** To be called before a text is cut: a piece of a secret is not found any more. */
  redact(text: string): string {
    // Each as it is, and as it appears in JSON and in an address; the longest first, one may hold another.
    const forms = this.#secrets.flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret.toWellFormed()),
    ]);
    return forms
      .filter((form) => form !== "")
      .sort((a, b) => b.length - a.length)
      .reduce((rest, form) => rest.replaceAll(form, "[REDACTED]"), text);
  }

  /** Does a text hold one of them? */
  isIn(text: string): boolean {
    return this.redact(text) !== text;
  }
}
