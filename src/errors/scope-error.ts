import type { ErrorCode } from "./codes.ts";

/**
 * Under this symbol, every error lists the names of its class and of that class's ancestors. `instanceof` and
 * {@link isScopeError} read the list, so copies of a class in different bundles agree.
 */
const BRAND: unique symbol = Symbol.for("unplugin-scope.error") as never;

/** The names of each class and its ancestors, by its own name. */
const brandsByName: Record<string, readonly string[]> = {};

/** Where a problem is: the parts that are known, in the order they're printed. */
export interface Where {
  readonly prompt?: string;
  readonly versionNumber?: number;
  readonly versionId?: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The file whose import needs the prompt; `line` and `column` aren't positions in it. */
  readonly importedBy?: string;
  /** Where in that file the import is; both from 1. */
  readonly importedAt?: { readonly line: number; readonly column: number };
  /** Source text around the problem, already marked; several lines. */
  readonly frame?: string;
}

/** What a {@link ScopeError} is made from. */
export interface ScopeErrorOptions {
  readonly code: ErrorCode;
  /** What to do next: a sentence, a similar name, a command to paste. */
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
  /** Permanent name of the problem; `docs/errors.md` lists them all. */
  declare readonly code: ErrorCode;
  declare hint: string | undefined;
  declare where: Where | undefined;

  /** Every option except the cause is a field of the error. */
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

/** Gives a class a fixed name (minifiers rename classes), its brand, and an `instanceof` that works across bundles. */
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
        // A class derived from ours by somebody else has no brand: the usual prototype walk decides.
        if (this !== target) return Function.prototype[Symbol.hasInstance].call(this, value);
        return brandsOf(value).includes(name);
      },
    },
  });
}

function brandsOf(value: unknown): readonly unknown[] {
  const { name, [BRAND]: brands } = Object(value) as { name: string; [BRAND]?: unknown };
  // Emitted code throws an error that is small in a bundle: it only has the name of its class.
  if (brands === 1) return brandsByName[name] ?? ["ScopeError"];
  return Array.isArray(brands) ? brands : [];
}

/**
 * Is `value` an error of this package, whichever copy threw it? With `code`, also one with that code.
 *
 * @example isScopeError(error, "prompt_not_found")
 */
export function isScopeError(value: unknown, code?: ErrorCode): value is ScopeError {
  return (
    brandsOf(value).includes("ScopeError") && (code === undefined || (value as ScopeError).code === code)
  );
}

/** Says what to do next, unless a caller closer to the problem has. */
export function advise(error: ScopeError, hint: string | undefined): ScopeError {
  error.hint ??= hint;
  return error;
}

/** Adds what a caller further out knows about the place; what is known already stays. */
export function locate(error: ScopeError, where: Where): ScopeError {
  error.where = { ...where, ...error.where };
  return error;
}

/** An error with the import that ran into it: a copy if another import did too, so that each has its own place. */
export function importedFrom(error: ScopeError, place: Where): ScopeError {
  if (error.where?.importedBy === undefined) return locate(error, place);
  const copy: ScopeError = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  const { importedBy: _, importedAt: __, ...where } = error.where;
  copy.where = { ...place, ...where };
  return copy;
}
