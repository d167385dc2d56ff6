/** The part of Vite's module node that is read here. */
export interface ModuleNode {
  readonly file: string | null;
  readonly importers: ReadonlySet<ModuleNode>;
  readonly isSelfAccepting?: boolean | undefined;
  readonly acceptedHmrExports: ReadonlySet<string> | null;
}

/**
 * The frameworks that a module for pages integrates with, from its file name: `-svelte-vue`; undefined for other files.
 */
export function formOf(file: string): string | undefined {
  return /\+vite([a-z-]*)\.js$/.exec(file)?.[1];
}

/**
 * The modules that have to run again together with a prompt's module, because replacing it alone renders nothing: on
 * each path up the importers, the nearest that accept their own replacement, as React's components do. If the module
 * integrates with a framework's reactivity, components of that framework render by themselves, and would only lose
 * their state.
 *
 * @param form the frameworks that the module integrates with, from its file name: `-svelte-vue`
 */
export function findBoundaries<Node extends ModuleNode>(
  modules: readonly Node[],
  form: string,
): readonly Node[] {
  const boundaries = new Set<ModuleNode>();
  const seen = new Set<ModuleNode>(modules);
  const visit = (module: ModuleNode): void => {
    for (const importer of module.importers) {
      if (seen.has(importer)) continue;
      seen.add(importer);
      if (!acceptsItself(importer)) visit(importer);
      else if (!rendersByItself(importer, form)) boundaries.add(importer);
    }
  };
  for (const module of modules) visit(module);
  return [...boundaries] as Node[];
}

function acceptsItself({ isSelfAccepting, acceptedHmrExports }: ModuleNode): boolean {
  return isSelfAccepting === true || (acceptedHmrExports?.size ?? 0) > 0;
}

function rendersByItself({ file }: ModuleNode, form: string): boolean {
  return (
    file !== null &&
    ((file.endsWith(".vue") && form.includes("-vue")) ||
      (file.endsWith(".svelte") && form.includes("-svelte")))
  );
}
