import { describe, expect, it } from "vitest";
import { ViteImports } from "../../../src/bundlers/vite/dev-imports.ts";

const MODULE = "/app/.scope/dev-development/greeting@production+vite.js";
const NAME = "greeting@production";

interface Node {
  readonly importers: Set<Node>;
}

/** A module graph, written as each module's importers. */
function graph() {
  const nodes = new Map<string, Node>();
  const node = (id: string): Node => {
    const known = nodes.get(id) ?? { importers: new Set<Node>() };
    nodes.set(id, known);
    return known;
  };
  const moduleGraph = {
    getModulesByFile: (file: string) => (nodes.has(file) ? new Set([node(file)]) : undefined),
  };
  const server = { environments: { client: { moduleGraph } }, config: { experimental: {} } };
  const imports = new ViteImports(server as unknown as ConstructorParameters<typeof ViteImports>[0]);
  return {
    imports,
    node,
    link: (importer: string, imported: string) => node(imported).importers.add(node(importer)),
    unlink: (importer: string, imported: string) => node(imported).importers.delete(node(importer)),
    isImported: () => imports.isImported("client", NAME),
  };
}

describe("a prompt's module in Vite's dev server", () => {
  it("is imported as long as one module imports it", () => {
    const { imports, link, unlink, isImported } = graph();
    expect(isImported()).toBe(false);
    imports.resolved("client", MODULE, "page");
    link("page", MODULE);
    expect(isImported()).toBe(true);
    unlink("page", MODULE);
    expect(isImported()).toBe(false);
  });

  it("is in use if the server's own code loads it", () => {
    const { imports, node, isImported } = graph();
    node(MODULE);
    imports.resolved("client", MODULE, "/app/index.html");
    expect(isImported()).toBe(true);
  });
});
