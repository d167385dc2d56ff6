import type { HookContext } from "./describe-compiler.ts";

/** What Rollup and Rolldown know of a module's imports. */
export interface ModuleImports {
  readonly importedIds?: readonly string[];
  readonly dynamicallyImportedIds?: readonly string[];
}

/** The files from the importing one to the entry. */
export function importChain(context: HookContext, importer: string | undefined): readonly string[] {
  const chain = new Set<string>();
  for (let at = importer; at !== undefined && !chain.has(at); at = importerOf(context, at)) chain.add(at);
  return [...chain];
}

/** While modules are still being found, Rolldown knows what a module imports, and not yet who imports it. */
function importerOf(context: HookContext, id: string): string | undefined {
  try {
    for (const other of context.getModuleIds?.() ?? []) {
      const { importedIds = [], dynamicallyImportedIds = [] } = context.getModuleInfo?.(other) ?? {};
      if (importedIds.includes(id) || dynamicallyImportedIds.includes(id)) return other;
    }
  } catch {
    // Farm does not know, and says so by throwing.
  }
  return undefined;
}
