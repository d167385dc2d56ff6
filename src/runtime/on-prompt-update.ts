/** A prompt whose new version has reached the running page. */
export interface PromptUpdate {
  /** As requested from the platform: name or ID. */
  readonly name: string;
  /** Undefined if the import is pinned to a version. */
  readonly label: "production" | "latest" | undefined;
  readonly versionId: string;
  readonly versionNumber: number;
}

/** The callbacks are on the global object because a page can contain several copies of this module. */
const CALLBACKS: unique symbol = Symbol.for("unplugin-scope.updates") as never;
const page = globalThis as { [CALLBACKS]?: Set<(update: PromptUpdate) => void> };

/**
 * Calls back whenever a prompt changes in a page (or a server) that a dev server keeps up to date. By then every
 * `scope:` binding of that prompt returns the new version. In a production bundle it's never called.
 *
 * @returns a function that stops it
 * @example
 * import greeting from "scope:greeting";
 * onPromptUpdate(() => { output.textContent = greeting({ name: "Ada" }); });
 */
export function onPromptUpdate(callback: (update: PromptUpdate) => void): () => void {
  page[CALLBACKS] ??= new Set();
  const callbacks = page[CALLBACKS];
  // A separate one, so that a function passed twice is called twice, and each can be stopped once.
  const own = (update: PromptUpdate) => callback(update);
  callbacks.add(own);
  return () => callbacks.delete(own);
}

/** Does the page wait for updates? */
export function isAwaited(): boolean {
  return (page[CALLBACKS]?.size ?? 0) > 0;
}

/** Calls each of them soon and separately: one that throws must not keep the others from being called. */
export function notifyUpdate(update: PromptUpdate): void {
  for (const callback of page[CALLBACKS] ?? []) Promise.resolve(update).then(callback);
}
