import { printableLine } from "../../errors/printable.ts";
import { notifyUpdate, type PromptUpdate } from "../on-prompt-update.ts";

type Render = (values?: unknown) => unknown;
type GetMetadata = (key: string, fallback?: unknown) => unknown;

/** The exports of a prompt's module. Those that aren't read here are only passed on. */
export interface HotModule extends PromptUpdate {
  readonly variables: readonly string[];
  readonly render: Render;
  readonly getMetadata: GetMetadata;
}

/** How a framework's components follow one prompt. */
export interface Follower {
  /** The prompt was called, maybe by a component. `result` is undefined if nothing was rendered. */
  called(result?: unknown, values?: unknown): void;
  changed(render: Render): void;
}

/** A framework whose components render through its reactivity, and keep their state that way. */
export interface Framework {
  /** Starts following a prompt. `remake` creates a component again, which loses its state. */
  follow(remake: (component: string) => void): Follower;
}

/** What all instances of a prompt's module share. */
type Kept = ReturnType<typeof begin>;

export interface ViteHot {
  readonly data: { scope?: Kept; stamp?: string };
  on(event: string, callback: () => void): void;
  send(event: string, message: unknown): void;
}

/**
 * Called by each instance of a prompt's module: it replaces the one before it.
 *
 * @param set sets the bindings of the module
 * @param url `import.meta.url` of the module
 * @param stamp identifies this text of the module
 */
export function replace(
  hot: ViteHot,
  next: HotModule,
  set: (next: HotModule) => void,
  frameworks: readonly Framework[],
  url: string,
  stamp: string,
): void {
  const { data } = hot;
  const isUpdate = data.scope !== undefined;
  // Vite evaluates the same text again if an importer requests it with another query.
  const isSame = data.stamp === stamp;
  data.stamp = stamp;
  const remake = (component: string) =>
    hot.send("unplugin-scope:recreate", { url: new URL(component, url).pathname });
  data.scope ??= begin(
    next,
    frameworks.map(({ follow }) => follow(remake)),
  );
  const kept = data.scope;
  const { versions, setters, followers, render, getMetadata } = kept;
  kept.present = next;
  versions.set(next.variables.join(), next);
  // Code that imported an earlier instance holds its bindings, so each is still updated.
  setters.push(set);
  for (const setter of setters) setter({ ...next, render, getMetadata });
  if (!isUpdate || isSame) return;
  // Components that called the prompt render again; then those that wait for updates are called.
  for (const follower of followers) follower.changed((values) => renderUsable(kept, values));
  const { name, label, versionId, versionNumber } = next;
  notifyUpdate({ name, label, versionId, versionNumber });
}

function begin(present: HotModule, followers: readonly Follower[]) {
  const kept = {
    present,
    /** The last version for each list of variables, which {@link renderUsable} falls back to. */
    versions: new Map<string, HotModule>(),
    /** The version that a fallback was reported for. */
    reported: undefined as HotModule | undefined,
    setters: [] as ((next: HotModule) => void)[],
    followers,
    /** The same function throughout, so that a reference kept elsewhere renders the present version too. */
    render(values?: unknown): unknown {
      let result: unknown;
      try {
        result = renderUsable(kept, values);
        return result;
      } finally {
        // Also if it threw: the next version may need other variables.
        for (const follower of followers) follower.called(result, values);
      }
    },
    getMetadata(key: string, fallback?: unknown): unknown {
      for (const follower of followers) follower.called();
      return kept.present.getMetadata(key, fallback);
    },
  };
  return kept;
}

/**
 * Renders the present version, or the last one that the call has all values for, if the page hasn't loaded its new code
 * yet. @throws what the present version throws, if no version can be rendered
 */
function renderUsable(kept: Kept, values: unknown): unknown {
  const { present, versions } = kept;
  try {
    return present.render(values);
  } catch (error) {
    for (const earlier of [...versions.values()].reverse()) {
      if (earlier === present) continue;
      let result: unknown;
      try {
        result = earlier.render(values);
      } catch {
        continue;
      }
      if (kept.reported !== present) {
        const numbers = [present.versionNumber, earlier.versionNumber] as const;
        console.error(`[unplugin-scope] ${fallbackText(error as Error, ...numbers)}`);
      }
      kept.reported = present;
      return result;
    }
    throw error;
  }
}

function fallbackText({ message }: Error, present: number, earlier: number): string {
  return `${printableLine(message)}, which version ${present} needs. Until the call passes it, version ${earlier} is rendered.`;
}

/**
 * Keeps a problem's overlay until the server says that it's solved. Vite reloads the page if its first update meets an
 * overlay, and removes every overlay at any update: we remove ours before an update, and show it again afterwards.
 */
export function keepOverlay(hot: Pick<ViteHot, "on">): void {
  let hidden: Element[] = [];
  const hide = () => {
    // The overlay may have been there before this module was.
    const overlays = [...(globalThis.document?.querySelectorAll("vite-error-overlay") ?? [])];
    hidden = overlays.filter(({ shadowRoot }) =>
      shadowRoot?.textContent?.includes("[plugin:unplugin-scope]"),
    );
    for (const overlay of hidden) overlay.remove();
  };
  hot.on("vite:beforeUpdate", hide);
  hot.on("vite:afterUpdate", () => {
    for (const overlay of hidden) document.body.append(overlay);
  });
  hot.on("unplugin-scope:mended", () => {
    hide();
    hidden = [];
  });
}

// Vite looks for exactly these words to give the module its `hot`.
const hot = (import.meta as { hot?: ViteHot }).hot;
if (hot) keepOverlay(hot);
