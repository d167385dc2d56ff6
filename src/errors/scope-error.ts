import type { ErrorCode } from "./codes.ts";

/**
 * Under this symbol every error lists its class and that class's ancestors, by name. `instanceof` and
 * {@link isScopeError} read the list, so copies of a class in different bundles agree.
 */
export const BRAND: unique symbol = Symbol.for("unplugin-scope.error") as never;

/** The names of each class and of those above it, by its own. */
const brandsByName: Record<string, readonly string[]> = {};

/** Where a problem is: the parts that are known, in the order they are printed. */
export interface Where {
  readonly prompt?: string;
  readonly versionNumber?: number;
  readonly versionId?: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The file whose import needs the prompt; `line` and `column` are not in it. */
  readonly importedBy?: string;
  /** Where in that file the import is; both from 1. */
  readonly importedAt?: { readonly line: number; readonly column: number };
  /** Source text around the problem, already marked; several lines. */
  readonly frame?: string;
}

/** What a {@link ScopeError} is made of. */
export interface ScopeErrorOptions {
  readonly code: ErrorCode;
  /** What to do next: a sentence, a nearest name, a command that can be pasted. */
  readonly hint?: string | undefined;
  readonly where?: Where | undefined;
  readonly cause?: unknown;
}

/**
 * The root of every error this package throws.
 *
 * @example
 * try { await client.getPromptVersion("greeting"); }
 * catch (error) { if (isScopeError(error, "prompt_not_found")) … else throw error; }
 */
export class ScopeError<Options extends ScopeErrorOptions = ScopeErrorOptions> extends Error {
  /** Permanent name of the problem; the table of them is `docs/errors.md`. */
  declare readonly code: ErrorCode;
  declare hint: string | undefined;
  declare where: Where | undefined;

  /** Every option but the cause is a field of the error. */
  constructor(message: string, options: Options) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { cause: _, ...fields } = options;
    Object.assign(this, fields);
  }

  static {
    brand(ScopeError, "ScopeError");
  }
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** Gives a class its name for good (minifiers rename classes), its brand, and a cross-bundle `instanceof`. */
export function brand(target: ErrorClass, name: string): void {
  const prototype = target.prototype as { [BRAND]?: readonly string[] };
  const value = [...(prototype[BRAND] ?? []), name];
  brandsByName[name] = value;
  Object.defineProperties(prototype, {
    name: { value: name, configurable: true, writable: true },
    [BRAND]: { value },
  });
  Object.defineProperties(target, {
    name: { value: name, configurable: true },
    [Symbol.hasInstance]: {
      value(this: unknown, value: unknown): boolean {
        // A class that somebody derived from ours has no brand of its own: the usual prototype walk decides.
        if (this !== target) return Function.prototype[Symbol.hasInstance].call(this, value);
        return brandsOf(value).includes(name);
      },
    },
  });
}

function brandsOf(value: unknown): readonly unknown[] {
  const { name, [BRAND]: brands } = Object(value) as { name: string; [BRAND]?: unknown };
  // Emitted code throws an error that is small in a bundle: of its classes it has the name alone.
  if (brands === 1) return brandsByName[name] ?? ["ScopeError"];
  return Array.isArray(brands) ? brands : [];
}

/**
 * Is `value` an error of this package, whichever copy of it threw? With `code`, also of that code.
 *
 * @example isScopeError(error, "prompt_not_found")
 */
export function isScopeError(value: unknown, code?: ErrorCode): value is ScopeError {
  return (
    brandsOf(value).includes("ScopeError") && (code === undefined || (value as ScopeError).code === code)
  );
}
