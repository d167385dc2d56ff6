import { invalid, show } from "../../../client/connection/check-connection-value.ts";
import { locate } from "../../../errors/add-to-error.ts";
import { isScopeError, type ScopeError } from "../../../errors/scope-error.ts";

/** Collects what is wrong with one set of options, so that all of it can be reported at once. */
export class Problems {
  readonly errors: ScopeError[] = [];
  /** The file they were written in; undefined for the plugin's options. */
  readonly file: string | undefined;

  constructor(file: string | undefined) {
    this.file = file;
  }

  add(message: string, hint?: string): void {
    this.#push(invalid(message, hint));
  }

  /** Adds that an option has a value of the wrong kind. */
  wrong(name: string, wanted: string, value: unknown, hint?: string): void {
    this.add(`${name} must be ${wanted}, but is ${show(value)}.`, hint);
  }

  /** Adds the error that a check throws. */
  attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!isScopeError(error)) throw error;
      this.#push(error);
    }
  }

  #push(error: ScopeError): void {
    this.errors.push(this.file === undefined ? error : locate(error, { file: this.file }));
  }
}
