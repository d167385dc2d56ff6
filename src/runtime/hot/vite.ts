import { announce, type Framework, type Kept, type PromptModule, takeOver } from "./replace.ts";
import { keepOverlay } from "./vite-overlay.ts";
import { reportRunning } from "./vite-running.ts";
import { reportUncaught } from "./vite-uncaught.ts";

/** The part of `import.meta.hot` that is used here. */
export interface ViteHot {
  readonly data: { scope?: Kept; stamp?: string };
  on(event: string, callback: () => void): void;
  send(event: string, message: unknown): void;
}

/**
 * Called by each instance of a prompt's module: it replaces the one before it.
 *
 * @param set sets the bindings of the module
 * @param url `import.meta.url` of the module
 * @param stamp identifies this text of the module
 */
export function replace(
  hot: ViteHot,
  next: PromptModule,
  set: (next: PromptModule) => void,
  frameworks: readonly Framework[],
  url: string,
  stamp: string,
): void {
  const { data } = hot;
  const isUpdate = data.scope !== undefined;
  // Vite evaluates the same text again if an importer requests it with another query.
  const isSame = data.stamp === stamp;
  data.stamp = stamp;
  const remake = (component: string) =>
    hot.send("unplugin-scope:make-anew", { url: new URL(component, url).pathname });
  data.scope = takeOver(data.scope, next, set, () => frameworks.map(({ follow }) => follow(remake)));
  if (isSame) return;
  reportRunning(hot, url, stamp);
  if (isUpdate) announce(data.scope);
}

// Vite looks for exactly these words to give the module its `hot`.
const hot = (import.meta as { hot?: ViteHot }).hot;
if (hot) {
  reportUncaught(hot);
  keepOverlay(hot);
}
