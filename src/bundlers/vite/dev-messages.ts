import type { EnvironmentModuleNode, HotPayload, ViteDevServer } from "vite";
import { findBoundaries, formOf, moduleAt } from "./dev-boundaries.ts";
import { overlayOfUncaught } from "./dev-uncaught.ts";

/** The page that sent a message. */
interface PageClient {
  send(payload: HotPayload): void;
}

/**
 * Receives what the code of prompts sends from pages. Anybody who reaches a page's socket can send anything over it.
 */
export function hearPages(server: ViteDevServer): void {
  if (server.config.server.hmr === false) return;
  const { hot } = server.environments.client;
  hot.on("unplugin-scope:recreate", (message: unknown, page: PageClient) => recreate(server, message, page));
  hot.on("unplugin-scope:uncaught", (message: unknown, page: PageClient) => {
    const overlay = overlayOfUncaught(server, message);
    if (overlay !== undefined) page.send(overlay);
  });
  hot.on("unplugin-scope:runs", (message: unknown, page: PageClient) => catchUp(server, message, page));
}

/** A Svelte component kept a text where reactivity doesn't reach, so its page asks for a new instance. */
function recreate(server: ViteDevServer, message: unknown, page: PageClient): void {
  const { url } = (message ?? {}) as { url?: unknown };
  const module = moduleAt(server, url);
  if (module?.file?.endsWith(".svelte")) sendUpdate(page, [module]);
}

/**
 * A page reports which update of each prompt's module it runs: its time, or 0. It may have received the module before
 * an edit but run it after the update, and Vite drops an update for a module that isn't running yet. The page is then
 * sent the update again.
 */
function catchUp(server: ViteDevServer, message: unknown, page: PageClient): void {
  if (typeof message !== "object") return;
  const updated = new Set<EnvironmentModuleNode>();
  for (const [url, time] of Object.entries(message ?? {})) {
    const module = moduleAt(server, url);
    const form = formOf(module?.file ?? "");
    if (module === undefined || form === undefined || typeof time !== "number") continue;
    if (time >= module.lastHMRTimestamp) continue;
    for (const one of [module, ...findBoundaries([module], form)]) updated.add(one);
  }
  if (updated.size > 0) sendUpdate(page, updated);
}

/** Sent only to the page that asked: the others run what they should, and would lose what was typed into them. */
function sendUpdate(page: PageClient, modules: Iterable<EnvironmentModuleNode>): void {
  // Never a time that the page knows: it wouldn't run again what it already runs under that time.
  const timestamp = Date.now();
  const updates = Array.from(modules, ({ url }) => ({
    type: "js-update" as const,
    path: url,
    acceptedPath: url,
    timestamp,
  }));
  page.send({ type: "update", updates });
}
