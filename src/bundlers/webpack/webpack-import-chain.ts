/** The part of webpack's and Rspack's compilation that says which module imports which. */
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
  /** The error with everything that is known at the end. */
  readonly again: () => Promise<Error>;
}

/** Replaces the errors that couldn't show the importers with errors that can. */
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
 * The files from the issuing one to the entry. Rspack reports importers only at the end of a compilation; before that,
 * only the issuing file is known.
 */
export function importChain(graph: CompilationGraph, issuer: string | undefined): readonly string[] {
  if (!issuer) return [];
  const chain = new Set([issuer]);
  try {
    for (const importer of importersOf(graph, issuer)) chain.add(importer);
  } catch {
    // Only as far as it is known, then.
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
