import { getAllContexts } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import type { Follower, Framework } from "./replace.ts";

/**
 * Svelte: what renders or derives subscribes. What a component's script took for good cannot be set anew from here:
 * such a component is made anew, where the bundler can.
 */
export const svelte: Framework = { follow, owns: (id) => /\.svelte(?:\?|$)/.test(id) };

function follow(remake?: (component: string) => void): Follower {
  const updates = new Set<() => void>();
  const taken = new Set<string>();
  return {
    called(result) {
      let isFollowed = false;
      // A subscriber of its own for each call, since it starts at once where something follows, and not at all elsewhere:
      // the rune that says so, `$effect.tracking`, is for files that Svelte compiles.
      createSubscriber((update) => {
        isFollowed = true;
        updates.add(update);
        return () => updates.delete(update);
      })();
      if (remake === undefined || result === undefined || isFollowed || !isInScript()) return;
      // The innermost component on the way here is the one whose script runs.
      const [component] = /\/[^\s()?]*\.svelte/.exec(new Error().stack ?? "") ?? [];
      if (component !== undefined) taken.add(component);
    },
    changed() {
      for (const update of [...updates]) update();
      for (const component of taken) remake?.(component);
    },
  };
}

/** Does the script of a component run? Svelte has no better question yet: https://github.com/sveltejs/svelte/issues/16366 */
function isInScript(): boolean {
  try {
    getAllContexts();
    return true;
  } catch {
    return false;
  }
}
