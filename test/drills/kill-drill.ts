import { describe, it } from "vitest";
import { type Kills, killCommand, killDevServer } from "./kill.ts";
import { type DrillSize, recordDrill } from "./report.ts";

const COUNTS = { short: { command: 3, server: 1 }, long: { command: 200, server: 100 } };

export function drillKill(size: DrillSize): void {
  const { command, server } = COUNTS[size];
  const timeout = 1_200_000;
  describe("SIGKILL at a random moment leaves every file complete, and the next run repairs the rest", () => {
    it("of pull", { timeout }, async () => record("`pull`", await killCommand(["pull"], "scope", command)));
    it("of emit", { timeout }, async () =>
      record("`emit`", await killCommand(["emit", "--out-dir", "out"], "out", command)),
    );
    it("of a development server", { timeout }, async () =>
      record("a development server that writes", await killDevServer(server)),
    );
  });
}

function record(what: string, { kills, leftovers, between }: Kills): void {
  recordDrill(
    "kill",
    `${kills} kills of ${what} (${leftovers} left staged files, ${between} came while files took their places): 0 torn files, 0 not repaired by the next run, 0 files left after it`,
  );
}
