import { join } from "node:path";
import type { PluginBuild } from "esbuild";

/** The first importer of each file, by absolute path. */
export type Importers = ReadonlyMap<string, string>;

/**
 * esbuild tells a plugin only the importing file, and nothing at all about a build that fails. So a second build finds
 * out which file imports which. It writes nothing and leaves `scope:` imports as they are. If it fails because the
 * other plugins are missing, no importers are known.
 */
export async function findImporters({ esbuild, initialOptions }: PluginBuild): Promise<Importers> {
  const root = initialOptions.absWorkingDir ?? process.cwd();
  const importers = new Map<string, string>();
  let inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
  try {
    const built = await esbuild.build({
      ...initialOptions,
      plugins: [],
      external: [...(initialOptions.external ?? []), "scope:*"],
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    inputs = built.metafile.inputs;
  } catch {
    return importers;
  }
  for (const [file, { imports }] of Object.entries(inputs)) {
    for (const { path } of imports) {
      const imported = join(root, path);
      if (!importers.has(imported)) importers.set(imported, join(root, file));
    }
  }
  return importers;
}

/** The files from the importing one to the entry, as far as they are known. */
export function importChain(importers: Importers, importer: string): readonly string[] {
  const chain = new Set<string>();
  for (let at: string | undefined = importer; at !== undefined && !chain.has(at); at = importers.get(at)) {
    chain.add(at);
  }
  return [...chain];
}
