/** The part of webpack's and Rspack's compilation that says who imports whom. */
export interface CompilationGraph {
  readonly modules: Iterable<GraphModule>;
  readonly moduleGraph: { getIssuer(module: GraphModule): GraphModule | null | undefined };
}

interface GraphModule {
  readonly resource?: string | undefined;
  nameForCondition?(): string | null | undefined;
}

/** An import that was refused before its importers were known. */
export interface Refused {
  readonly error: Error;
  /** The error with all that is known at the end. */
  readonly again: () => Promise<Error>;
}

/** Puts the errors that show who imports whom in the place of those that could not. */
export async function completeChains(errors: Error[], refused: readonly Refused[]): Promise<void> {
  for (const { error, again } of refused) {
    // The bundler has drawn a frame around the text.
    const lines = error.message.split("\n").map((line) => line.trim());
    const at = errors.findIndex(({ message }) => lines.every((line) => message.includes(line)));
    const present = errors[at] as (Error & { readonly module?: unknown; readonly loc?: unknown }) | undefined;
    if (present === undefined) continue;
    const { module, loc } = present;
    errors.splice(at, 1, Object.assign(await again(), { name: "", module, loc }));
  }
}

/**
 * The files from the issuing one to the entry. Rspack reports nobody's importers before the end of a compilation: that
 * one alone then.
 */
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
