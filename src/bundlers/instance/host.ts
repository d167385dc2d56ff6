/** What a framework knows about its builds but the bundlers that it runs don't. */
export interface Host {
  /** Where the search for the config starts. */
  readonly root: string;
  readonly mode: string;
  /** The framework's dev server: it watches, and reloads modules when they change. */
  readonly development: boolean;
  /** Name of the output, if the bundler doesn't name it. */
  readonly output?: string;
  /**
   * The bundler treats the files that prompt modules import from their folder as external unless they are resolved
   * here.
   */
  readonly resolvesHelpers?: boolean;
}
