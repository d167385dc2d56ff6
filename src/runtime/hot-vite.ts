import { isAwaited, notifyUpdate, type PromptUpdate } from "./on-prompt-update.ts";

/** The part of Vite's `import.meta.hot` that is used here. */
export interface ViteHot {
  readonly data: { setters?: ((next: PromptUpdate) => void)[]; stamp?: string };
  on(event: string, callback: (message: { readonly url: string }) => void): void;
}

/**
 * Called by each instance of a prompt's module: it replaces the one before it. Code that imported an earlier instance
 * holds its bindings, so those are set too.
 *
 * @param next the exports of this instance
 * @param set sets the bindings of this instance
 * @param stamp identifies this text of the module: Vite evaluates the same text again if an importer requests it with
 * another query
 */
export function replace<M extends PromptUpdate>(
  { data }: ViteHot,
  next: M,
  set: (next: M) => void,
  stamp: string,
): void {
  const isUpdate = data.stamp !== undefined && data.stamp !== stamp;
  data.stamp = stamp;
  data.setters = [...(data.setters ?? []), set as (next: PromptUpdate) => void];
  for (const setter of data.setters) setter(next);
  const { name, label, versionId, versionNumber } = next;
  if (isUpdate) notifyUpdate({ name, label, versionId, versionNumber });
}

/**
 * Keeps a problem's overlay until the server says that it's solved. Vite reloads the page if its first update meets an
 * overlay, and removes every overlay at any update: we remove ours before an update, and show it again afterwards.
 */
export function keepOverlay(hot: Pick<ViteHot, "on">): void {
  let hidden: Element[] = [];
  const hide = () => {
    // The overlay may have been there before this module was.
    const overlays = [...(globalThis.document?.querySelectorAll("vite-error-overlay") ?? [])];
    hidden = overlays.filter(({ shadowRoot }) =>
      shadowRoot?.textContent?.includes("[plugin:unplugin-scope]"),
    );
    for (const overlay of hidden) overlay.remove();
  };
  hot.on("vite:beforeUpdate", hide);
  hot.on("vite:afterUpdate", () => {
    for (const overlay of hidden) document.body.append(overlay);
  });
  hot.on("unplugin-scope:mended", () => {
    hide();
    hidden = [];
  });
}

// Vite looks for exactly these words to give the module its `hot`.
const hot = (import.meta as { hot?: ViteHot }).hot;
if (hot) {
  keepOverlay(hot);
  // No module accepts the new version of a prompt's module. Running it is enough for a page that waits for updates.
  hot.on("unplugin-scope:unaccepted", ({ url }) => {
    if (isAwaited()) import(/* @vite-ignore */ `${url}?t=${Date.now()}`);
    else globalThis.location.reload();
  });
}
