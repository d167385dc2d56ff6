import type { ViteHot } from "./vite.ts";

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
