import { expect, it } from "vitest";
import { exponent } from "./growth.ts";
import { type DrillSize, recordDrill } from "./report.ts";
import { type Costs, costsOf, costsOfTen, STEP_NAMES } from "./scale.ts";

const SIZES = { short: [5, 20], long: [10, 100, 1000, 10_000] };
/** Ten times as many prompts may cost this power of ten as much: 1 is linear, 2 quadratic. */
const MAX_EXPONENT = 1.3;
/** A process of Node's own holds some 50 MB, Vite and its bundler 130. */
const MAX_MB = 2000;
/** What ten prompts may cost among many, for one that they cost alone. */
const MAX_FOR_TEN = 1.6;
/** It looks at every committed file, also where nothing uses it: a merge that damaged one is a warning. */
const MAX_FOR_CHECK = 2.5;

export function drillScale(size: DrillSize): void {
  const sizes = SIZES[size];
  const costs = new Map<number, Costs>();
  const costsFor = async (count: number): Promise<Costs> => {
    const known = costs.get(count) ?? (await costsOf(count));
    costs.set(count, known);
    return known;
  };

  it("every command takes at most ten times as much for ten times the prompts", {
    timeout: 1_500_000,
  }, async () => {
    const all: Costs[] = [];
    for (const count of sizes) all.push(await costsFor(count));
    const lines = STEP_NAMES.map((step) => {
      const of = all.map((one) => one[step]);
      const cpu = of.map(({ cpuSeconds }) => cpuSeconds);
      // By the two largest: what a command costs without any prompt hides the growth of the small ones.
      const grows = exponent(sizes.slice(-2), cpu.slice(-2));
      expect.soft(grows, `${step}: CPU ${cpu.join(", ")} s`).toBeLessThan(MAX_EXPONENT);
      expect.soft(of.at(-1)?.peakMb, step).toBeLessThan(MAX_MB);
      const shown = (values: readonly number[], digits: number) =>
        values.map((one) => one.toFixed(digits)).join(" / ");
      return `${step}: ${shown(
        of.map(({ seconds }) => seconds),
        1,
      )} s, CPU ${shown(cpu, 1)} s (exponent ${grows.toFixed(2)}), peak ${shown(
        of.map(({ peakMb }) => peakMb),
        0,
      )} MB`;
    });
    recordDrill("scale", `${sizes.join(" / ")} prompts: ${lines.join("; ")}`);
  });

  it("importing ten of many prompts costs as much as ten", { timeout: 600_000 }, async () => {
    const held = sizes.at(-1) as number;
    const ten = await costsFor(sizes[0] as number);
    const tenOfMany = await costsOfTen(held);
    const lines = STEP_NAMES.map((step) => {
      const ratio = tenOfMany[step].cpuSeconds / ten[step].cpuSeconds;
      expect.soft(ratio, step).toBeLessThan(step === "check" ? MAX_FOR_CHECK : MAX_FOR_TEN);
      return `${step} ${ratio.toFixed(2)}`;
    });
    recordDrill("scale", `ten of ${held}, CPU against ten alone: ${lines.join(", ")}`);
  });
}
