/** A prompt whose new version has reached the running page. */
export interface PromptUpdate {
  /** As it was asked of the platform: name or ID. */
  readonly name: string;
  /** Undefined when the import is pinned to a version. */
  readonly label: "production" | "latest" | undefined;
  readonly versionId: string;
  readonly versionNumber: number;
}

/** Where emitted development modules find the callbacks; this module may be in a page more than once. */
const CALLBACKS = Symbol.for("unplugin-scope.updates");

/**
 * Calls back whenever a prompt changes in a page (or a server) that a dev server keeps up to date. By then every
 * `scope:` binding of that prompt gives the new version. In a production bundle nobody ever calls.
 *
 * @returns ends it
 * @example
 * import greeting from "scope:greeting";
 * onPromptUpdate(() => { output.textContent = greeting({ name: "Ada" }); });
 */
export function onPromptUpdate(callback: (update: PromptUpdate) => void): () => void {
  const page = globalThis as { [CALLBACKS]?: Set<(update: PromptUpdate) => void> };
  page[CALLBACKS] ??= new Set();
  const callbacks = page[CALLBACKS];
  // Of its own, so that one function given twice is called twice, and ended once each.
  const own = (update: PromptUpdate) => callback(update);
  callbacks.add(own);
  return () => callbacks.delete(own);
}
