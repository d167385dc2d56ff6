import type { HookContext } from "./describe-compiler.ts";

/** What Rollup and Rolldown know about a module's imports. */
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

/** While Rolldown is still finding modules, it knows what a module imports but not who imports the module. */
function importerOf(context: HookContext, id: string): string | undefined {
  try {
    for (const other of context.getModuleIds?.() ?? []) {
      const { importedIds = [], dynamicallyImportedIds = [] } = context.getModuleInfo?.(other) ?? {};
      if (importedIds.includes(id) || dynamicallyImportedIds.includes(id)) return other;
    }
  } catch {
    // Farm doesn't know, and throws.
  }
  return undefined;
}
