/** Why a schema can't be used, and where in it. */
export class SchemaProblem extends Error {
  readonly path: readonly string[];
  readonly hint: string | undefined;

  constructor(path: readonly string[], message: string, hint?: string) {
    super(message);
    this.path = path;
    this.hint = hint;
  }
}
