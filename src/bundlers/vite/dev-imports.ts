import type { EnvironmentModuleNode, ViteDevServer } from "vite";
import { moduleNameOf } from "../../project/module-names.ts";

/**
 * Finds the prompt modules that the code loaded by Vite's dev server imports. Vite's module graphs keep modules that
 * nobody imports any more, and don't say which modules are entries. This class works out both.
 */
export class ViteImports {
  readonly #server: ViteDevServer;
  /** By environment and module name: its files, and whether anything other than the server asked for them. */
  readonly #files = new Map<string, Map<string, { isImported: boolean }>>();
  /** By environment and module name: the importers whose import failed. */
  readonly #failed = new Map<string, Set<string>>();
  /** Had no importers when something below them was imported. */
  readonly #entries = new WeakSet<EnvironmentModuleNode>();
  /** Had importers: without any they are leftovers. */
  readonly #imported = new WeakSet<EnvironmentModuleNode>();

  constructor(server: ViteDevServer) {
    this.#server = server;
  }

  /** An import got this file. */
  resolved(environment: string, file: string, importer: string | undefined): void {
    const key = keyOf(environment, moduleNameOf(file));
    const files = this.#files.get(key) ?? new Map<string, { isImported: boolean }>();
    this.#files.set(key, files);
    const node = this.#node(environment, importer);
    // What the server's own code loads directly never has an importer; Vite names the root's page as one.
    const isDirect = importer === undefined || (node === undefined && importer.endsWith("/index.html"));
    files.set(file, { isImported: !isDirect && files.get(file)?.isImported !== false });
    if (node !== undefined) for (const end of this.#ends(node)) this.#entries.add(end);
  }

  /** An import failed. It's tried again whenever its importer is. */
  failed(environment: string, name: string, importer: string | undefined): void {
    if (importer === undefined) return;
    const key = keyOf(environment, name);
    this.#failed.set(key, (this.#failed.get(key) ?? new Set()).add(importer));
  }

  isImported(environment: string, name: string): boolean {
    // A server that bundles has no graph.
    if (this.#server.config.experimental.bundledDev === true) return true;
    const graph = this.#server.environments[environment]?.moduleGraph;
    for (const [file, { isImported }] of this.#files.get(keyOf(environment, name)) ?? []) {
      for (const node of graph?.getModulesByFile(file) ?? []) {
        if (node.importers.size === 0 ? !isImported : this.#isReached(node)) return true;
      }
    }
    return this.hasFailed(environment, name);
  }

  /** Is there an importer that couldn't be loaded because this module is missing? */
  hasFailed(environment: string, name: string): boolean {
    const importers = this.#failed.get(keyOf(environment, name)) ?? new Set();
    for (const importer of importers) {
      const node = this.#node(environment, importer);
      if (node?.transformResult === null && this.#isReached(node)) return true;
      // It has been loaded since, or is gone.
      importers.delete(importer);
    }
    return false;
  }

  /** The files from the importing one to the entry, as far as they have been loaded. */
  chain(environment: string, importer: string | undefined): readonly string[] {
    const chain = new Set(importer === undefined ? [] : [importer]);
    let node = this.#node(environment, importer);
    while (node !== undefined) {
      node = [...node.importers].find(({ id }) => id !== null && !chain.has(id));
      if (node?.id) chain.add(node.id);
    }
    return [...chain];
  }

  #node(environment: string, id: string | undefined): EnvironmentModuleNode | undefined {
    return id === undefined
      ? undefined
      : this.#server.environments[environment]?.moduleGraph.getModuleById(id);
  }

  #isReached(node: EnvironmentModuleNode): boolean {
    const ends = this.#ends(node, (at) => this.#entries.has(at));
    // Modules that import each other in a cycle can belong to any entry.
    return ends.length === 0 || ends.some((end) => this.#entries.has(end) || !this.#imported.has(end));
  }

  /** The modules without importers that import a module, directly or indirectly. The first match ends the search. */
  #ends(
    node: EnvironmentModuleNode,
    matches: (node: EnvironmentModuleNode) => boolean = () => false,
  ): readonly EnvironmentModuleNode[] {
    const ends: EnvironmentModuleNode[] = [];
    const seen = new Set([node]);
    for (const at of seen) {
      if (matches(at)) return [at];
      if (at.importers.size === 0) ends.push(at);
      else this.#imported.add(at);
      for (const importer of at.importers) seen.add(importer);
    }
    return ends;
  }
}

function keyOf(environment: string, name: string): string {
  return `${environment}\n${name}`;
}
