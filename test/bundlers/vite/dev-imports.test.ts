import { describe, expect, it } from "vitest";
import { ViteImports } from "../../../src/bundlers/vite/dev-imports.ts";

const MODULE = "/app/.scope/dev-development/greeting@production+vite.js";
const NAME = "greeting@production";

interface Node {
  readonly id: string;
  readonly importers: Set<Node>;
  transformResult: object | null;
}

/** A module graph that is written as who imports whom. */
function graph() {
  const nodes = new Map<string, Node>();
  const node = (id: string): Node => {
    const known = nodes.get(id) ?? { id, importers: new Set<Node>(), transformResult: {} };
    nodes.set(id, known);
    return known;
  };
  const moduleGraph = {
    getModuleById: (id: string) => nodes.get(id),
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
  it("is imported as long as a way leads up to an entry", () => {
    const { imports, link, unlink, isImported } = graph();
    expect(isImported()).toBe(false);
    link("main", "page");
    imports.resolved("client", MODULE, "page");
    link("page", MODULE);
    expect(isImported()).toBe(true);
    unlink("main", "page");
    expect(isImported()).toBe(false);
    link("main", "page");
    expect(isImported()).toBe(true);
    unlink("page", MODULE);
    expect(isImported()).toBe(false);
  });

  it("is imported by an entry that other modules import, and import no more", () => {
    const { imports, node, link, unlink, isImported } = graph();
    node("main");
    imports.resolved("client", MODULE, "main");
    link("main", MODULE);
    link("main", "page");
    link("page", "main");
    expect(isImported()).toBe(true);
    unlink("page", "main");
    expect(isImported()).toBe(true);
  });

  it("is in use where the server's own code loads it", () => {
    const { imports, node, isImported } = graph();
    node(MODULE);
    imports.resolved("client", MODULE, "/app/index.html");
    expect(isImported()).toBe(true);
  });

  it("is wanted by an import that failed, until the importer is loaded without it", () => {
    const { imports, node, link, isImported } = graph();
    link("main", "page");
    node("page").transformResult = null;
    imports.failed("client", NAME, "page");
    expect([isImported(), imports.hasFailed("client", NAME)]).toEqual([true, true]);
    expect(imports.hasFailed("ssr", NAME)).toBe(false);
    node("page").transformResult = {};
    expect(isImported()).toBe(false);
    node("page").transformResult = null;
    expect(isImported()).toBe(false);
  });
});
