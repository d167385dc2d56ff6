/** The part of webpack's and Rspack's compilation that tells who imports whom. */
export interface CompilationGraph {
  readonly modules: Iterable<GraphModule>;
  readonly moduleGraph: { getIssuer(module: GraphModule): GraphModule | null | undefined };
}

interface GraphModule {
  readonly resource?: string | undefined;
  nameForCondition?(): string | null | undefined;
}

/** The files from the issuing one to the entry. Rspack tells nobody's importers while it compiles: that one alone then. */
export function importChain(graph: CompilationGraph, issuer: string | undefined): readonly string[] {
  if (!issuer) return [];
  const chain = new Set([issuer]);
  try {
    for (const importer of importersOf(graph, issuer)) chain.add(importer);
  } catch {
    // As far as it is known, then.
  }
  return [...chain];
}

function* importersOf({ modules, moduleGraph }: CompilationGraph, issuer: string): Generator<string> {
  const seen = new Set<GraphModule>();
  let at: GraphModule | null | undefined;
  for (const module of modules) if (fileOf(module) === issuer) at = module;
  while (at && !seen.has(at)) {
    seen.add(at);
    at = moduleGraph.getIssuer(at);
    const file = at && fileOf(at);
    if (file) yield file;
  }
}

function fileOf(module: GraphModule): string | undefined {
  return module.nameForCondition?.() ?? module.resource;
}
