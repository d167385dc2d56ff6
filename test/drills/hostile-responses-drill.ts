import { describe, expect, it } from "vitest";
import { hostilePrompts, hostileResponses } from "./hostile-responses.ts";
import { hostileSizes } from "./hostile-sizes.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const COUNTS = {
  short: { prompts: 300, answers: 200, sizes: [60_000, 120_000, 240_000] },
  long: { prompts: 30_000, answers: 20_000, sizes: [30_000, 60_000, 120_000, 240_000] },
};
/** Twice the text may take this power of two as much: 1 is linear, 2 quadratic. */
const MAX_EXPONENT = 1.4;
const MAX_MB = 500;

export function drillHostileResponses(size: DrillSize): void {
  const { prompts, answers, sizes } = COUNTS[size];
  const timeout = 1_200_000;
  describe("no text of a prompt is ever code", () => {
    it("of generated prompts", { timeout }, async () => {
      const { compiled, refused } = await hostilePrompts(prompts);
      expect(compiled).toBeGreaterThan(refused);
      recordDrill(
        "hostile responses",
        `${prompts} generated prompts: ${compiled} compiled, run in a context without globals and their types parsed, ${refused} refused with an error of ours, 0 ran as code`,
      );
    });

    it("of generated answers", { timeout }, async () => {
      const { compiled, refused } = await hostileResponses(answers);
      expect(compiled).toBeGreaterThan(0);
      recordDrill(
        "hostile responses",
        `${answers} generated answers over HTTP: ${compiled} accepted, compiled and run so, ${refused} refused`,
      );
    });
  });

  it("twice the text takes twice the time and memory", { timeout }, async () => {
    const { cpu, peakMb, cpuExponent } = await hostileSizes(sizes);
    expect(cpuExponent).toBeLessThan(MAX_EXPONENT);
    expect(Math.max(...peakMb)).toBeLessThan(MAX_MB);
    recordDrill(
      "hostile responses",
      `\`pull\` of hostile prompts of ${sizes.map((one) => one / 1000).join(", ")} KB each: CPU ${cpu.map((one) => one.toFixed(1)).join(", ")} s (exponent ${cpuExponent.toFixed(2)}), peak ${peakMb.map(Math.round).join(", ")} MB`,
    );
  });
}
