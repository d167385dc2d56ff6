import { getAllContexts } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import type { Follower, Framework } from "./vite.ts";

/** Svelte: what renders or derives subscribes. A component whose script read a value once is created again. */
export const svelte: Framework = { follow };

function follow(remake: (component: string) => void): Follower {
  const updates = new Set<() => void>();
  const taken = new Set<string>();
  return {
    called(result) {
      let isFollowed = false;
      // A separate subscriber for each call, since it starts at once if something is tracking, and not at all
      // otherwise: the rune that tells, `$effect.tracking`, is for files that Svelte compiles.
      createSubscriber((update) => {
        isFollowed = true;
        updates.add(update);
        return () => updates.delete(update);
      })();
      if (result === undefined || isFollowed || !isInScript()) return;
      // The innermost component on the stack is the one whose script is running.
      const [component] = /\/[^\s()?]*\.svelte/.exec(new Error().stack ?? "") ?? [];
      if (component !== undefined) taken.add(component);
    },
    changed() {
      for (const update of [...updates]) update();
      for (const component of taken) remake(component);
    },
  };
}

/** Is a component's script running? There's no better way yet: https://github.com/sveltejs/svelte/issues/16366 */
function isInScript(): boolean {
  try {
    getAllContexts();
    return true;
  } catch {
    return false;
  }
}
