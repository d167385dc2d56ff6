import { ResourceError } from "./classes.ts";
import { brand, type ScopeErrorOptions } from "./scope-error.ts";

// Separate from the other classes: the live client includes those, and its size counts.

/** A prompt couldn't be rendered. */
export class RenderError<
  Options extends ScopeErrorOptions = ScopeErrorOptions,
> extends ResourceError<Options> {
  static {
    brand(RenderError, "RenderError");
  }
}

/** A render call without a value for a variable of the template. */
export class MissingVariableError extends RenderError<
  ScopeErrorOptions & { readonly missingVariables: readonly string[] }
> {
  /** Every missing name, in the order of the template. */
  declare readonly missingVariables: readonly string[];

  static {
    brand(MissingVariableError, "MissingVariableError");
  }
}
