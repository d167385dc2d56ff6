/** A prompt whose new version has reached the running page. */
export interface PromptUpdate {
  /** As it was asked of the platform: name or ID. */
  readonly name: string;
  /** Undefined when the import is pinned to a version. */
  readonly label: "production" | "latest" | undefined;
  readonly versionId: string;
  readonly versionNumber: number;
}

/** The callbacks are kept on the global object: this module may be in a page more than once. */
const CALLBACKS: unique symbol = Symbol.for("unplugin-scope.updates") as never;
const page = globalThis as { [CALLBACKS]?: Set<(update: PromptUpdate) => void> };

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
  page[CALLBACKS] ??= new Set();
  const callbacks = page[CALLBACKS];
  // Of its own, so that one function given twice is called twice, and ended once each.
  const own = (update: PromptUpdate) => callback(update);
  callbacks.add(own);
  return () => callbacks.delete(own);
}

/** Calls back, soon and each on its own: one that throws must not keep the others from being called. */
export function notifyUpdate(update: PromptUpdate): void {
  for (const callback of page[CALLBACKS] ?? []) Promise.resolve(update).then(callback);
}
