/** What a framework knows of its builds, and the bundlers that it runs do not. */
export interface Host {
  /** Where the search for the config begins. */
  readonly root: string;
  readonly mode: string;
  /** The framework's dev server: it watches, and loads modules anew when they change. */
  readonly development: boolean;
  /** Name of the output, where the bundler has none for it. */
  readonly output?: string;
  /** The bundler takes what modules of prompts import from beside them for external, unless it is resolved here. */
  readonly resolvesHelpers?: boolean;
}
