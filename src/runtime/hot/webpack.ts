import { announce, type Framework, type HotModule, type Kept, takeOver } from "./replace.ts";

type ModuleId = string | number;

/** The part of `import.meta.webpackHot` that is used here. */
export interface WebpackHot {
  readonly data?: { scope?: Kept };
  dispose(callback: (data: { scope?: Kept }) => void): void;
  invalidate(): void;
  // The API has no documented way to do what follows; the maintainer's reply says that reading it is fine:
  // https://github.com/webpack/webpack/issues/825
  readonly _selfAccepted?: boolean;
  _selfInvalidated?: boolean;
  readonly _main?: boolean;
  readonly _acceptedDependencies: Readonly<Record<ModuleId, unknown>>;
}

/** A module in the cache of webpack or Rspack. */
export interface WebpackModule {
  readonly parents: readonly ModuleId[];
  readonly hot: WebpackHot;
}

type Modules = Readonly<Record<ModuleId, WebpackModule | undefined>>;

/**
 * Called by each instance of a prompt's module: it replaces the one before it.
 *
 * @param set sets the bindings of the module
 * @param modules the cache of the page's modules
 */
export function replace(
  hot: WebpackHot,
  next: HotModule,
  set: (next: HotModule) => void,
  frameworks: readonly Framework[],
  module: WebpackModule,
  modules: Modules,
): void {
  const earlier = hot.data?.scope;
  const kept = takeOver(earlier, next, set, () => frameworks.map(({ follow }) => follow()));
  hot.dispose((data) => {
    data.scope = kept;
  });
  if (earlier === undefined) return;
  announce(kept);
  refreshImporters(module, modules, frameworks, new Set());
}

/**
 * Importers may have taken more from the prompt than a binding, such as a component that renders it. Components accept
 * their own replacement; on the way up to them, each module is evaluated again if every path up ends at one. The others
 * keep the new binding, and have `onPromptUpdate`.
 */
function refreshImporters(
  module: WebpackModule,
  modules: Modules,
  frameworks: readonly Framework[],
  seen: Set<ModuleId>,
): void {
  for (const id of module.parents) {
    const parent = modules[id];
    if (parent === undefined || seen.has(id)) continue;
    seen.add(id);
    // Components of these render through their framework's reactivity, and keep their state.
    if (frameworks.some(({ owns }) => owns(String(id)))) continue;
    if (isAccepted(parent, id, modules, new Set())) {
      const { hot } = parent;
      hot.invalidate();
      // A module can't accept its own call of `invalidate` (https://github.com/webpack/webpack/pull/10714): we do it.
      if (hot._selfAccepted) hot._selfInvalidated = false;
    } else {
      refreshImporters(parent, modules, frameworks, seen);
    }
  }
}

/** Does every path up from a module end at one that accepts the replacement? */
function isAccepted(
  { hot, parents }: WebpackModule,
  id: ModuleId,
  modules: Modules,
  seen: Set<ModuleId>,
): boolean {
  if (hot._selfAccepted) return true;
  if (hot._main || parents.length === 0 || seen.has(id)) return false;
  seen.add(id);
  return parents.every((parentId) => {
    const parent = modules[parentId];
    return parent && (parent.hot._acceptedDependencies[id] || isAccepted(parent, parentId, modules, seen));
  });
}
