/** A response other than a prompt version, thrown where the problem is found. It never leaves the server as an error. */
export class Refusal extends Error {
  readonly status: number;
  /** The documentation names one, `not_found`; these are finer. `docs/platform.md` lists them. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
