/** What emitted modules of live prompts import: one file, which builds put next to them. */

import { liveRegistry } from "../live-registry.ts";
import { PollingEngine } from "./live-engine.ts";
import type { LivePrompt, LivePromptModule } from "./live-prompt.ts";

export { due } from "./live-prompt.ts";

/** Registers a module's prompt. No request is made before it's used. */
export function live(module: LivePromptModule): LivePrompt {
  const registry = liveRegistry();
  registry.engine ??= new PollingEngine(registry);
  return (registry.engine as PollingEngine).add(module);
}
