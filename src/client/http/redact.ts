const REDACTED = "[REDACTED]";

/** Takes what a request held in confidence out of what its answer says: a server may send back what it was sent. */
export class Redactor {
  readonly #secrets: readonly string[];
  #known: readonly string[] | undefined;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /**
   * Each secret as it is, and as it stands in JSON and in an address; the longest first, one may hold another. Made when
   * something went wrong.
   */
  get #forms(): readonly string[] {
    if (this.#known === undefined) {
      const forms = this.#secrets.flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret.toWellFormed()),
      ]);
      this.#known = [...new Set(forms)].filter((form) => form !== "").sort((a, b) => b.length - a.length);
    }
    return this.#known;
  }

  /** To be called before a text is cut: a piece of a secret is not found any more. */
  redact(text: string): string {
    return this.#forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
  }

  /** Does a text hold one of them? */
  isIn(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }
}
