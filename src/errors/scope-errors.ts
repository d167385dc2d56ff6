import { brand, ScopeError, type ScopeErrorOptions } from "./scope-error.ts";

/** Several problems of one run, reported together. `errors` holds each one. */
export class ScopeErrors extends ScopeError {
  declare readonly errors: readonly unknown[];

  constructor(message: string, options: ScopeErrorOptions & { readonly errors: readonly unknown[] }) {
    super(message, options);
  }

  static {
    brand(ScopeErrors, "ScopeErrors");
  }
}
