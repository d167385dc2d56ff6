import type { ViteHot } from "./vite.ts";

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
