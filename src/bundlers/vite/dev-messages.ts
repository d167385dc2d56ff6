import type { EnvironmentModuleNode, HotPayload, ViteDevServer } from "vite";
import { readRegularFile } from "../../files/read-file.ts";
import { findBoundaries, formOf } from "./dev-boundaries.ts";
import { overlayOfUncaught } from "./dev-uncaught.ts";
import { moduleAt } from "./module-at.ts";

/** The page that a message came from. */
interface PageClient {
  send(payload: HotPayload): void;
}

/** Hears what the code of prompts says in pages. Anything may come over a page's socket, from whoever reaches it. */
export function hearPages(server: ViteDevServer): void {
  if (server.config.server.hmr === false) return;
  const { hot } = server.environments.client;
  hot.on("unplugin-scope:make-anew", (message: unknown, page: PageClient) => makeAnew(server, message, page));
  hot.on("unplugin-scope:uncaught", (message: unknown, page: PageClient) => {
    const overlay = overlayOfUncaught(server, message);
    if (overlay !== undefined) page.send(overlay);
  });
  hot.on("unplugin-scope:runs", (message: unknown, page: PageClient) => void catchUp(server, message, page));
}

/** A Svelte component took a text for good, where reactivity does not reach: its page asks for a new instance. */
function makeAnew(server: ViteDevServer, message: unknown, page: PageClient): void {
  const { url } = (message ?? {}) as { url?: unknown };
  const module = moduleAt(server, url);
  if (module?.file?.endsWith(".svelte")) sendUpdate(page, [module]);
}

/**
 * A page says which text of each prompt's module it runs. It may have been given that one before an edit, and run it
 * after the update, which Vite drops for a module that does not run yet: then it is sent the update again.
 */
async function catchUp(server: ViteDevServer, message: unknown, page: PageClient): Promise<void> {
  if (typeof message !== "object") return;
  const updated = new Set<EnvironmentModuleNode>();
  for (const [url, stamp] of Object.entries(message ?? {})) {
    const module = moduleAt(server, url);
    const form = formOf(module?.file ?? "");
    if (module === undefined || form === undefined || !(await isOutdated(module, stamp))) continue;
    // Should the change of the file have gone unnoticed, Vite would give the earlier text once more.
    server.environments.client.moduleGraph.invalidateModule(module);
    for (const one of [module, ...findBoundaries([module], form)]) updated.add(one);
  }
  if (updated.size > 0) sendUpdate(page, updated);
}

/** To the page that asked, alone: the others run what they should, and would lose what was typed into them. */
function sendUpdate(page: PageClient, modules: Iterable<EnvironmentModuleNode>): void {
  // Never a time that the page knows: what it runs by it already it would not run again.
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
  // No update was sent yet that a page could have missed.
  if (file === null || lastHMRTimestamp === 0 || typeof stamp !== "string") return false;
  // What cannot be read is reported when it is loaded.
  const text = await readRegularFile(file).catch(() => "");
  // Whatever the prompt's text says, what the module hands over comes after it.
  const present = [...text.matchAll(/import\.meta\.url, "([\w-]+)"\)/g)].at(-1)?.[1];
  return present !== undefined && present !== stamp;
}
