import { describe, expect, it } from "vitest";
import { refresh, serve, useSimulatedTime } from "./live-server.ts";
import type { SimulatedVersion } from "./simulated-platform.ts";

useSimulatedTime();

const compiled: SimulatedVersion = {
  number: 1,
  content: [{ role: "system", content: "Be {{tone}}" }],
  metadata: { options: { stop: ["a"] } },
};
const next = { ...compiled, number: 2, content: [{ role: "system", content: "Stay {{tone}}" }] };

describe("a served version", () => {
  it("is frozen at every depth, whether compiled or adopted", async () => {
    const { platform, prompt } = serve({}, { compiled });
    for (const version of [compiled, next]) {
      platform.labelled = version as SimulatedVersion;
      await refresh();
      expect(prompt.versionNumber).toBe(version.number);
      for (const served of [prompt, prompt.current()]) {
        const { options } = served.metadata as { options: { stop: string[] } };
        const [message] = served.content as readonly unknown[];
        expect(() => options.stop.push("b")).toThrow(TypeError);
        expect(() => Object.assign(message as object, { role: "user" })).toThrow(TypeError);
        expect(() => Object.assign(served.content, { length: 0 })).toThrow(TypeError);
        expect(() => Object.assign(served.metadata, { options: 1 })).toThrow(TypeError);
      }
    }
  });
});
