import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { configureLive, refreshLive } from "../../../src/runtime/configure-live.ts";
import type { LiveBuild, LiveConfiguration, LiveStatus } from "../../../src/runtime/live-registry.ts";
import { type LiveExports, liveBuild, loadLiveModule } from "./emitted-live-module.ts";
import { SimulatedPlatform, type SimulatedVersion } from "./simulated-platform.ts";
import { SimulatedTime } from "./simulated-time.ts";
import { compileVersion } from "./version-samples.ts";

export const INTERVAL_MS = 60_000;
export const credentials = { orgId: "org", apiKey: "key", apiSecret: "the-secret" };

/** Versions of a greeting; the first is the compiled one. */
export const greetings = {
  first: { number: 1, content: "Hello {{name}}", metadata: { model: "small" } },
  reworded: { number: 2, content: "Hi {{name}}!", metadata: { model: "large" } },
  withPlan: { number: 3, content: "Hello {{name}} ({{plan}})", metadata: { model: "small" } },
  withoutModel: { number: 4, content: "Hello {{name}}", metadata: {} },
} satisfies Record<string, SimulatedVersion>;

export const time = new SimulatedTime();

/** Simulated time for the tests of a file, and a process's fresh live state for each. */
export function useSimulatedTime(): void {
  beforeAll(() => time.install());
  beforeEach(() => {
    time.reset();
    forgetLiveState();
    vi.stubEnv("SCOPE_LIVE", "");
  });
  afterEach(() => void vi.restoreAllMocks());
  afterAll(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });
}

/** `refreshLive` with the time that it takes. */
export async function refresh(name?: string, seconds = 5): Promise<readonly LiveStatus[]> {
  const refreshed = refreshLive(name);
  await time.advance(seconds * 1000);
  return refreshed;
}

export function forgetLiveState(): void {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for("unplugin-scope.live")];
}

/** A server with one live prompt, and its platform. */
export function serve(
  options: LiveConfiguration = {},
  {
    compiled = greetings.first,
    build = {},
    name = "greeting",
    provides = [],
  }: {
    compiled?: SimulatedVersion;
    build?: Partial<LiveBuild>;
    name?: string;
    provides?: readonly string[];
  } = {},
): { readonly platform: SimulatedPlatform; readonly prompt: LiveExports } {
  const platform = new SimulatedPlatform(time, compiled);
  configureLive({ credentials, fetch: platform.fetch as typeof fetch, ...options });
  return {
    platform,
    prompt: loadLiveModule(compileVersion(compiled, name, provides), { ...liveBuild, ...build }),
  };
}
