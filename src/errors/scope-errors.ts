import { brand, ScopeError, type ScopeErrorOptions } from "./scope-error.ts";

/** Several problems of one run, reported together. `errors` holds each one. */
export class ScopeErrors extends ScopeError<ScopeErrorOptions & { readonly errors: readonly unknown[] }> {
  declare readonly errors: readonly unknown[];

  static {
    brand(ScopeErrors, "ScopeErrors");
  }
}
