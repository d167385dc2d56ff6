import type { ViteDevServer } from "vite";
import { moduleNameOf } from "../../project/module-names.ts";

/** Finds the prompt modules that the code loaded by Vite's dev server imports, in its module graphs. */
export class ViteImports {
  readonly #server: ViteDevServer;
  /** By environment and module name: its files, and whether the server's own code loads them directly. */
  readonly #files = new Map<string, Map<string, boolean>>();

  constructor(server: ViteDevServer) {
    this.#server = server;
  }

  /** An import got this file. */
  resolved(environment: string, file: string, importer: string | undefined): void {
    const key = keyOf(environment, moduleNameOf(file));
    const files = this.#files.get(key) ?? new Map<string, boolean>();
    // Vite names the root's page, which isn't a module, as the importer of what its own code loads.
    const isDirect = importer === undefined || importer.endsWith("/index.html");
    this.#files.set(key, files.set(file, isDirect || files.get(file) === true));
  }

  /** The graph keeps modules that nobody imports any more. */
  isImported(environment: string, name: string): boolean {
    // A server that bundles has no graph.
    if (this.#server.config.experimental.bundledDev === true) return true;
    const graph = this.#server.environments[environment]?.moduleGraph;
    return [...(this.#files.get(keyOf(environment, name)) ?? [])].some(([file, isDirect]) =>
      [...(graph?.getModulesByFile(file) ?? [])].some(({ importers }) => isDirect || importers.size > 0),
    );
  }
}

function keyOf(environment: string, name: string): string {
  return `${environment}\n${name}`;
}
