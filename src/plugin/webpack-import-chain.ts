/** The part of webpack's and Rspack's compilation that tells who imports whom. */
export interface CompilationGraph {
  readonly modules: Iterable<GraphModule>;
  readonly moduleGraph: { getIssuer(module: GraphModule): GraphModule | null | undefined };
}

interface GraphModule {
  readonly resource?: string | undefined;
  nameForCondition?(): string | null | undefined;
}

/** The files from the issuing one to the entry. */
export function importChain(
  { modules, moduleGraph }: CompilationGraph,
  issuer: string | undefined,
): readonly string[] {
  if (!issuer) return [];
  const chain = new Set([issuer]);
  let at: GraphModule | null | undefined;
  for (const module of modules) if (fileOf(module) === issuer) at = module;
  while (at) {
    at = moduleGraph.getIssuer(at);
    const file = at && fileOf(at);
    if (!file || chain.has(file)) break;
    chain.add(file);
  }
  return [...chain];
}

function fileOf(module: GraphModule): string | undefined {
  return module.nameForCondition?.() ?? module.resource;
}
