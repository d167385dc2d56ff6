import { expect, it } from "vitest";
import { seededRandom } from "./kill.ts";
import { runHistories } from "./record.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const HISTORIES = { short: 4, long: 500 };

export function drillRecord(size: DrillSize): void {
  it("builds contain what the snapshot or the platform had while they ran, whatever earlier builds left", {
    timeout: 2_400_000,
  }, async () => {
    const seen = await runHistories(HISTORIES[size], seededRandom());
    expect(seen.builds).toBeGreaterThan(seen.histories);
    recordDrill(
      "record",
      `${seen.histories} histories of commits and of builds that overlap, with ${seen.stopped} builds stopped for a while, ${seen.killed} killed, ${seen.refused} that met a snapshot file half written, and projects whose generated files were lost or restored and that were copied and moved, under the times of images, of whole seconds and of a clock that is behind: ${seen.builds} bundles, 0 with other text than the snapshot or the platform had`,
    );
  });
}
