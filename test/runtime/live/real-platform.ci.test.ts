import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../../src/platform/index.ts";
import { configureLive, liveStatus } from "../../../src/runtime/configure-live.ts";
import { temporaryFolder, writeTree } from "../../support/app.ts";
import { type LiveExports, liveBuild, loadLiveModule } from "./emitted-live-module.ts";
import { saveSettings } from "./live-app.ts";
import { forgetLiveState } from "./live-server.ts";
import type { SimulatedVersion } from "./simulated-platform.ts";
import { compileVersion, expectedRender, keepsContract, VALUES } from "./version-samples.ts";

const VERSIONS: readonly SimulatedVersion[] = [
  { number: 1, content: "Hello {{name}}, {{plan}}.", metadata: { model: "small", tags: ["a"] } },
  { number: 2, content: "Hi {{name}}!", metadata: { model: "large", tags: [] } },
  { number: 3, content: "Hi {{name}} ({{名前}})", metadata: { model: "small", tags: ["a"] } },
  { number: 4, content: "No variables `${x}`", metadata: { model: "tiny", tags: ["b"], more: 1 } },
  { number: 5, content: "Hello {{name}}, {{plan}}.", metadata: { model: 7, tags: ["a"] } },
  { number: 6, content: "Hello {{plan}}, {{plan}}.", metadata: { model: "small" } },
];
const COMPILED = VERSIONS[0] as SimulatedVersion;
const STEPS = 60;

let dir: string;
let platform: Platform;
let port: number;
beforeAll(async () => {
  dir = await temporaryFolder();
  for (const { number, content } of VERSIONS)
    await writeTree(dir, { [`greeting/${number}.md`]: String(content) });
  await label(COMPILED);
  // Tokens that end within the test.
  platform = await startPlatform({ dir, tokenTtl: 2 });
  port = platform.port;
});
afterAll(() => platform.close());
afterEach(forgetLiveState);

async function label({ number }: SimulatedVersion): Promise<void> {
  const versions = Object.fromEntries(
    VERSIONS.map((version) => [
      version.number,
      { id: `version_${version.number}`, metadata: version.metadata },
    ]),
  );
  await saveSettings(dir, "greeting", { id: "prompt_1", production: number, versions });
}

/** Everything that must hold at any moment; gives the version that is served. */
function check(prompt: LiveExports): SimulatedVersion {
  const served = VERSIONS.find(({ number }) => number === prompt.versionNumber) as SimulatedVersion;
  expect(keepsContract(COMPILED, served)).toBe(true);
  expect(prompt.render(VALUES)).toBe(expectedRender(served));
  expect(prompt.current()).toMatchObject({ content: served.content, metadata: served.metadata });
  return served;
}

describe("a live prompt on a real platform", () => {
  it("follows its label through moves, restarts, outages and expired tokens", async () => {
    const errors: string[] = [];
    configureLive({
      interval: 0.05,
      maxRequestsPerSecond: 200,
      baseUrl: platform.url,
      authApiUrl: platform.url,
      credentials: { orgId: "local", apiKey: "local", apiSecret: "local" },
      onIncompatible: () => {},
      onError: (error) => errors.push(error.code),
    });
    const prompt = loadLiveModule(compileVersion(COMPILED), liveBuild);
    let expected = COMPILED;
    // A fixed walk through all of it; what chance adds is in the simulated histories.
    for (let step = 0; step < STEPS; step++) {
      const labelled = VERSIONS[(step * 5 + (step % 7)) % VERSIONS.length] as SimulatedVersion;
      if (step % 6 === 5) {
        await platform.close();
        for (let i = 0; i < 20; i++) {
          expect(check(prompt)).toBe(expected);
          await pause(10);
        }
        platform = await startPlatform({ dir, port, tokenTtl: 2 });
      }
      await label(labelled);
      if (keepsContract(COMPILED, labelled)) expected = labelled;
      const isStable = () => {
        const [status] = liveStatus();
        return check(prompt) === expected && (status?.status === "stale") === (labelled !== expected);
      };
      for (let i = 0; i < 3000 && !isStable(); i++) await pause(10);
      expect(check(prompt)).toBe(expected);
    }
    // Whichever request met the closed platform first: the poll, or the login where a token had ended.
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter((code) => code !== "connection_failed" && code !== "login_failed")).toEqual([]);
  }, 180_000);
});

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
