import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readTable } from "../support/kept-table.ts";
import { type DrillRow, formatDrills, withDrills } from "./drill-table.ts";
import { BREAKS, DRILLS, slowTestOf } from "./report.ts";

const PAGE = await readFile(join(import.meta.dirname, "../../docs/reliability.md"), "utf8");

const HEAD = ["drill", "what it breaks", "result", "took", "run", "figures"];

function row(drill: string, shown: string, failed: readonly string[] = []): DrillRow {
  return { drill, shown: [shown], failed, seconds: 7, run: "2026-11-26, Node 22.0.0" };
}

it("rows are in the order of the drills; a run replaces its own and keeps the others", () => {
  const first = withDrills(PAGE, formatDrills("", [row("secrets", "20 runs"), row("kill", "1 kill")]));
  const second = formatDrills(first, [row("kill", "500 kills"), row("outage", "a | b", ["DNS"])]);
  expect(readTable(second, HEAD)).toEqual([
    ["kill", BREAKS.kill, "held", "7 s", "2026-11-26, Node 22.0.0", "500 kills"],
    ["outage", BREAKS.outage, "**failed: DNS**", "7 s", "2026-11-26, Node 22.0.0", "a \\| b"],
    ["secrets", BREAKS.secrets, "held", "7 s", "2026-11-26, Node 22.0.0", "20 runs"],
  ]);
});

it("the table of docs/reliability.md is read and written back unchanged", () => {
  expect(withDrills(PAGE, formatDrills(PAGE, []))).toBe(PAGE);
  expect(readTable(PAGE, HEAD).map(([drill, breaks]) => [drill, breaks])).toEqual(Object.entries(BREAKS));
});

it.each(DRILLS)("the drill %s has the file that its row is found by", async (drill) => {
  await expect(access(join(import.meta.dirname, slowTestOf(drill)))).resolves.toBeUndefined();
});

it("a page without the markers is refused", () => {
  expect(() => withDrills("# Reliability\n", "")).toThrow("no place");
});
