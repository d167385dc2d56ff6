import { announce, type Framework, type HotModule, type Kept, takeOver } from "./replace.ts";

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
  next: HotModule,
  set: (next: HotModule) => void,
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
    hot.send("unplugin-scope:recreate", { url: new URL(component, url).pathname });
  data.scope = takeOver(data.scope, next, set, () => frameworks.map(({ follow }) => follow(remake)));
  if (isSame) return;
  reportRunning(hot, url);
  if (isUpdate) announce(data.scope);
}

let running: Record<string, number> | undefined;

/**
 * Reports to the dev server which update of a module is running, by the time that Vite puts into its address. Vite
 * drops an update that comes before its module runs, and an earlier text that was delayed may run last: the server
 * compares with its last update, and sends that again.
 */
function reportRunning(hot: Pick<ViteHot, "send">, url: string): void {
  if (running === undefined) {
    running = {};
    setTimeout(() => {
      hot.send("unplugin-scope:runs", running);
      running = undefined;
    });
  }
  const { pathname, searchParams } = new URL(url);
  running[pathname] = Number(searchParams.get("t"));
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

/** Reports each uncaught call that lacks a variable: it may leave the page blank without an overlay. */
export function reportUncaught(hot: Pick<ViteHot, "send">): void {
  const report = (reason: { code?: unknown; message?: unknown; stack?: unknown } | undefined | null) => {
    if (reason?.code !== "variable_missing") return;
    hot.send("unplugin-scope:uncaught", { message: reason.message, stack: reason.stack });
  };
  // A worker has both events as well; other environments that run modules have neither.
  globalThis.addEventListener?.("error", ({ error }) => report(error));
  globalThis.addEventListener?.("unhandledrejection", ({ reason }) => report(reason));
}

// Vite looks for exactly these words to give the module its `hot`.
const hot = (import.meta as { hot?: ViteHot }).hot;
if (hot) {
  reportUncaught(hot);
  keepOverlay(hot);
}
