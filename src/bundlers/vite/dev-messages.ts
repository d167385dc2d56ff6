import type { EnvironmentModuleNode, HotPayload, ViteDevServer } from "vite";
import { readRegularFile } from "../../files/read-file.ts";
import { findBoundaries, formOf } from "./dev-boundaries.ts";
import { overlayOfUncaught } from "./dev-uncaught.ts";
import { moduleAt } from "./module-at.ts";

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
  hot.on("unplugin-scope:runs", (message: unknown, page: PageClient) => void catchUp(server, message, page));
}

/** A Svelte component kept a text where reactivity doesn't reach, so its page asks for a new instance. */
function recreate(server: ViteDevServer, message: unknown, page: PageClient): void {
  const { url } = (message ?? {}) as { url?: unknown };
  const module = moduleAt(server, url);
  if (module?.file?.endsWith(".svelte")) sendUpdate(page, [module]);
}

/**
 * A page reports which text of each prompt's module it runs. It may have received that text before an edit but run it
 * after the update, and Vite drops an update for a module that isn't running yet. The page is then sent the update
 * again.
 */
async function catchUp(server: ViteDevServer, message: unknown, page: PageClient): Promise<void> {
  if (typeof message !== "object") return;
  const updated = new Set<EnvironmentModuleNode>();
  for (const [url, stamp] of Object.entries(message ?? {})) {
    const module = moduleAt(server, url);
    const form = formOf(module?.file ?? "");
    if (module === undefined || form === undefined || !(await isOutdated(module, stamp))) continue;
    // If the file change went unnoticed, Vite would serve the old text again.
    server.environments.client.moduleGraph.invalidateModule(module);
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

async function isOutdated(
  { file, lastHMRTimestamp }: EnvironmentModuleNode,
  stamp: unknown,
): Promise<boolean> {
  // No update has been sent yet that a page could have missed.
  if (file === null || lastHMRTimestamp === 0 || typeof stamp !== "string") return false;
  // What can't be read is reported when it's loaded.
  const text = await readRegularFile(file).catch(() => "");
  // The prompt's text can contain anything, but what the module passes on comes after it.
  const present = [...text.matchAll(/import\.meta\.url, "([\w-]+)"\)/g)].at(-1)?.[1];
  return present !== undefined && present !== stamp;
}
