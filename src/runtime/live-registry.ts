import type { LiveConfiguration, LiveStatus } from "./live-types.ts";

/** What the live client provides to the functions of `/runtime`. */
export interface LiveEngine {
  configured(): void;
  refresh(name: string | undefined): Promise<readonly LiveStatus[]>;
  status(): readonly LiveStatus[];
}

/** What every copy of the live client and of `/runtime` in a process shares. */
export interface LiveRegistry {
  /** As passed to `configureLive`, each call merged over the one before. None is `undefined`. */
  options: LiveConfiguration;
  /** The first copy of the live client that loads works for all. */
  engine: LiveEngine | undefined;
}

// The live client is bundled with the prompts, and an application's own import of `/runtime` may be another file.
const KEY: unique symbol = Symbol.for("unplugin-scope.live") as never;

export function liveRegistry(): LiveRegistry {
  const shared = globalThis as { [KEY]?: LiveRegistry };
  shared[KEY] ??= { options: {}, engine: undefined };
  return shared[KEY];
}
