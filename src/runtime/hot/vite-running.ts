import type { ViteHot } from "./vite.ts";

let running: Record<string, string> | undefined;

/**
 * Reports to the dev server which text of a module is running. Vite drops an update that comes before its module runs,
 * and an earlier text that was delayed may run last: the server compares with what it has, and sends the update again.
 */
export function reportRunning(hot: Pick<ViteHot, "send">, url: string, stamp: string): void {
  if (running === undefined) {
    running = {};
    setTimeout(() => {
      hot.send("unplugin-scope:runs", running);
      running = undefined;
    });
  }
  running[new URL(url).pathname] = stamp;
}
