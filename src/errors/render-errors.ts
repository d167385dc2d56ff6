import { ResourceError } from "./classes.ts";
import { brand, type ScopeErrorOptions } from "./scope-error.ts";

// Apart from the other classes: the live client has those, and its size counts.

/** A prompt could not be rendered. */
export class RenderError extends ResourceError {
  static {
    brand(RenderError, "RenderError");
  }
}

/** A render call without a value for a variable of the template. */
export class MissingVariableError extends RenderError {
  /** Every name that is missing, in the order of the template. */
  declare readonly missingVariables: readonly string[];

  constructor(
    message: string,
    options: ScopeErrorOptions & { readonly missingVariables: readonly string[] },
  ) {
    super(message, options);
  }

  static {
    brand(MissingVariableError, "MissingVariableError");
  }
}

/** What is wrong in an answer of a model, and where: the keys that lead there. */
export interface OutputProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An answer of a model that does not fit the schema of its prompt. `where` names prompt and version. */
export class OutputError extends ResourceError {
  /** At most a hundred. */
  declare readonly problems: readonly OutputProblem[];

  constructor(message: string, options: ScopeErrorOptions & { readonly problems: readonly OutputProblem[] }) {
    super(message, options);
  }

  static {
    brand(OutputError, "OutputError");
  }
}
