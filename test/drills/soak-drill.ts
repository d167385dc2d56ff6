import { expect, it } from "vitest";
import { type DrillSize, recordDrill } from "./report.ts";
import { soak } from "./soak.ts";

const SIZES = {
  short: { seconds: 5, heapMb: 30 },
  long: { seconds: 1200, heapMb: 4 },
};
/** Timers, files and sockets come and go with every poll; one that an edit leaves makes hundreds. */
const MAX_MORE = 40;

export function drillSoak(size: DrillSize): void {
  const { seconds, heapMb } = SIZES[size];
  const timeout = (seconds + 120) * 1000;
  it("a dev server and a live server show every edit and don't leak", { timeout }, async () => {
    const { edits, servers, viewers } = await soak(seconds);
    for (const [name, { heapGrowth, more, warnings }] of Object.entries(servers)) {
      expect(heapGrowth, name).toBeLessThan(heapMb * 1e6);
      expect(warnings, name).toEqual([]);
      // A server of five seconds still reads its files: only in the long form are requests at rest.
      const compared = Object.entries(more).filter(([kind]) => size === "long" || !kind.includes("Req"));
      for (const [kind, count] of compared) expect(count, `${name}: ${kind}`).toBeLessThan(MAX_MORE);
    }
    const heaps = Object.entries(servers).map(
      ([name, { heapUsed, heapGrowth }]) =>
        `${name} server's heap ${(heapUsed / 1e6).toFixed(1)} MB, ${(heapGrowth / 1e6).toFixed(2)} MB more over the second half`,
    );
    const seen = Object.entries(viewers).map(
      ([name, { seen, worstMs }]) => `${name} ${seen} (${(worstMs / 1000).toFixed(1)} s behind at most)`,
    );
    recordDrill(
      "soak",
      `${edits} edits of 20 prompts in ${seconds} s: ${heaps.join(", ")}; the number of handles and listeners did not grow; every edit seen or superseded, none taken back: ${seen.join(", ")}`,
    );
  });
}
