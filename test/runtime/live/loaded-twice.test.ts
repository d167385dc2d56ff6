import { describe, expect, it, vi } from "vitest";
import { liveStatus } from "../../../src/runtime/configure-live.ts";
import { loadLiveModule } from "./emitted-live-module.ts";
import { greetings, INTERVAL_MS, refresh, serve, time, useSimulatedTime } from "./live-server.ts";
import { compileVersion } from "./version-samples.ts";

useSimulatedTime();
const ADA = { name: "Ada", plan: "x" };

it("a module that is evaluated again shares its prompt's polls, status and versions", async () => {
  const onRefresh = vi.fn();
  const { platform, prompt } = serve({ onRefresh });
  const again = Array.from({ length: 4 }, () => loadLiveModule(compileVersion(greetings.first)));
  expect(liveStatus()).toHaveLength(1);
  platform.labelled = greetings.reworded;
  expect(await refresh("greeting")).toMatchObject([{ status: "refreshed", versionNumber: 2 }]);
  expect(platform.polledAtMs).toHaveLength(1);
  expect(onRefresh).toHaveBeenCalledTimes(1);
  const late = loadLiveModule(compileVersion(greetings.first));
  for (const module of [prompt, ...again, late]) {
    expect([module.render(ADA), module.versionNumber, module.promptId]).toEqual(["Hi Ada!", 2, "prompt_1"]);
    expect(module.current()).toBe(prompt.current());
  }
  await time.advance(INTERVAL_MS);
  for (const module of [prompt, ...again, late]) module.render(ADA);
  await time.advance(1000);
  expect(platform.polledAtMs).toHaveLength(2);
});

describe("a prompt of two builds in one process", () => {
  it("is polled once, and each build's modules serve what keeps their own contract", async () => {
    const onIncompatible = vi.fn();
    const { platform, prompt } = serve({ onIncompatible });
    expect(await refresh("greeting")).toHaveLength(1);
    const newer = loadLiveModule(compileVersion(greetings.withPlan));
    platform.labelled = { ...greetings.withPlan, number: 5, content: "{{name}}: {{plan}}" };
    newer.render(ADA);
    await time.advance(1000);
    expect(platform.polledAtMs).toHaveLength(2);
    expect([prompt.render(ADA), newer.render(ADA)]).toEqual(["Hello Ada", "Ada: x"]);
    expect(liveStatus()).toMatchObject([
      { status: "stale", versionNumber: 1 },
      { status: "refreshed", versionNumber: 5 },
    ]);
    platform.labelled = greetings.reworded;
    await refresh("greeting");
    expect(platform.polledAtMs).toHaveLength(3);
    // One was built with a variable that this version has lost.
    expect([prompt.render(ADA), newer.render(ADA)]).toEqual(["Hi Ada!", "Ada: x"]);
    expect(onIncompatible).toHaveBeenCalledTimes(2);
  });

  it("an unchanged response is compared for modules that were loaded later", async () => {
    const { prompt, platform } = serve();
    await refresh("greeting");
    const older = loadLiveModule(
      compileVersion({ ...greetings.first, number: 9, content: "Good day {{name}}" }),
    );
    older.render(ADA);
    await time.advance(1000);
    expect(platform.polledAtMs).toHaveLength(2);
    expect([prompt.versionNumber, older.versionNumber, older.render(ADA)]).toEqual([1, 1, "Hello Ada"]);
  });
});
