import { brand, ScopeError, type ScopeErrorOptions } from "./scope-error.ts";

/** Several problems of one run, reported together. `errors` holds each one. */
export class ScopeErrors extends ScopeError<ScopeErrorOptions & { readonly errors: readonly unknown[] }> {
  declare readonly errors: readonly unknown[];

  static {
    brand(ScopeErrors, "ScopeErrors");
  }
}

/** Throws one error as it is, and several as one that lists them. */
export function throwAll(errors: readonly unknown[], what: string): void {
  if (errors.length > 0) throw asOne(errors, what);
}

/** One error as it is, several as one that lists them, and undefined for none. */
export function asOne(errors: readonly unknown[], what: string): unknown {
  if (errors.length <= 1) return errors[0];
  return new ScopeErrors(`${errors.length} ${what}.`, { code: "several_errors", errors });
}
