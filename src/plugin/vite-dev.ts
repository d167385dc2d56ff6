import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { EnvironmentModuleNode, ErrorPayload, HotUpdateOptions, ViteDevServer } from "vite";
import type { DevSession } from "../build/dev-session.ts";
import { findBoundaries } from "./vite-dev-boundaries.ts";
import { ViteImports } from "./vite-dev-imports.ts";

const NAME = "unplugin-scope";

/** What Vite's dev server does beyond building: components that render anew, and faults in the overlay. */
export class ViteDev {
  readonly imports: ViteImports;
  readonly #server: ViteDevServer;
  #session: DevSession | undefined;

  constructor(server: ViteDevServer) {
    this.#server = server;
    this.imports = new ViteImports(server);
    const { hot } = server.environments.client;
    hot.on(`${NAME}:make-anew`, (message: unknown) => void this.#makeAnew(message));
    hot.on(`${NAME}:runs`, (message: unknown) => void this.#catchUp(message));
    // A page that is opened while a fault lasts shows it as well.
    hot.on("vite:client:connect", (_data: unknown, client: { send(payload: ErrorPayload): void }) => {
      const fault = this.#fault();
      if (fault !== undefined) client.send(fault);
    });
  }

  /** Shows what the session finds. Call it whenever a build starts; the same session is taken once. */
  use(session: DevSession | undefined): void {
    if (session === undefined || session === this.#session) return;
    this.#session = session;
    this.#restartWith(session.configFile);
    session.faults.listen(() => this.#showFaults());
    session.onRecovery((names) => {
      // A page that could not load without the module that is there now; one that can keeps its state.
      if (!names.some((name) => this.imports.hasFailed("client", name))) return;
      this.#server.environments.client.hot.send({ type: "full-reload", path: "*" });
    });
  }

  /** The modules to replace in the page when a prompt's module file changed; undefined when it was another file. */
  modulesToUpdate({ file, modules }: HotUpdateOptions): EnvironmentModuleNode[] | undefined {
    const form = formOf(file);
    if (form === undefined || modules.length === 0) return undefined;
    return [...modules, ...findBoundaries(modules, form)];
  }

  /** The dev server may read a module's folder, even where that is a temporary one outside of every root. */
  allow(folder: string): void {
    const { allow } = this.#server.config.server.fs;
    if (!allow.some((allowed) => folder === allowed || folder.startsWith(`${allowed}/`))) allow.push(folder);
  }

  /** A Svelte component took a text for good, where reactivity does not reach: its page asks for a new instance. */
  async #makeAnew(message: unknown): Promise<void> {
    const module = this.#moduleIn(message);
    if (module !== undefined) await this.#server.environments.client.reloadModule(module);
  }

  /**
   * A page runs a prompt's module. It may have been given it before an edit and run it after the update, which Vite
   * drops for a module that does not run yet: then the file counts as changed once more.
   */
  async #catchUp(message: unknown): Promise<void> {
    const { stamp } = (message ?? {}) as { stamp?: unknown };
    const file = this.#moduleIn(message)?.file ?? "";
    if (typeof stamp !== "string" || formOf(file) === undefined) return;
    // What cannot be read is told when it is loaded.
    const present = await readFile(file, "utf8").catch(() => undefined);
    if (present !== undefined && !present.includes(`"${stamp}"`)) this.#server.watcher.emit("change", file);
  }

  /** The module that a page names. Looked up, not resolved: only what a page has loaded can be meant. */
  #moduleIn(message: unknown): EnvironmentModuleNode | undefined {
    const { base } = this.#server.config;
    const url = urlIn(message) ?? "";
    const { urlToModuleMap } = this.#server.environments.client.moduleGraph;
    return urlToModuleMap.get(url.startsWith(base) ? `/${url.slice(base.length)}` : url);
  }

  /** Vite restarts when a file changes that its own config depends on: so it does for ours. */
  #restartWith(configFile: string | undefined): void {
    if (configFile === undefined) return;
    const { config, watcher } = this.#server;
    config.configFileDependencies.push(configFile.replaceAll("\\", "/"));
    watcher.add(configFile);
  }

  #showFaults(): void {
    const { hot } = this.#server.environments.client;
    const fault = this.#fault();
    if (fault !== undefined) {
      hot.send(fault);
      return;
    }
    hot.send(`${NAME}:mended`);
    // Clears the overlay of a page that has no prompt of its own to listen with.
    hot.send({ type: "update", updates: [] });
  }

  #fault(): ErrorPayload | undefined {
    const texts = this.#session?.faults.texts ?? [];
    if (texts.length === 0) return undefined;
    const message = `${texts.join("\n\n")}\n\nThe last good version is still served.`;
    return { type: "error", err: { message, stack: "", plugin: NAME } };
  }
}

/** The frameworks that a module for pages takes part in, as its name says: `-svelte-vue`; undefined for other files. */
function formOf(file: string): string | undefined {
  return /\+vite([a-z-]*)\.js$/.exec(basename(file))?.[1];
}

/** Anything may come over the page's socket; what is no message of ours is no reason to stop the server. */
function urlIn(message: unknown): string | undefined {
  const url = (message as { url?: unknown } | null | undefined)?.url;
  if (typeof url !== "string") return undefined;
  try {
    return decodeURIComponent(url);
  } catch {
    return undefined;
  }
}
