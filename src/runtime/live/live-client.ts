/**
 * What emitted modules of live prompts import. Bundled to one file, which builds lay beside those modules: an
 * application that uses it needs nothing of this package where it runs.
 */

import { liveRegistry } from "../live-registry.ts";
import { createLiveEngine } from "./live-engine.ts";
import type { LivePrompt, LivePromptModule } from "./live-prompt.ts";

export { due } from "./live-prompt.ts";

/** Makes a module's prompt known. No request is made before it is used. */
export function live(module: LivePromptModule): LivePrompt {
  const registry = liveRegistry();
  registry.engine ??= createLiveEngine(registry);
  return (registry.engine as ReturnType<typeof createLiveEngine>).add(module);
}
