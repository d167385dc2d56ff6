/** The code of a module's `render`. */
export interface RenderCode {
  /** What `render` returns, as an expression over its parameter `v`. */
  readonly body: string;
  /** Names that it uses from the helper module, sorted. */
  readonly helpers: readonly string[];
  /** Functions that it uses, as statements of the module. */
  readonly functions: readonly string[];
}
