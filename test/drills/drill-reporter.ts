import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { runText, wholeModule } from "../support/kept-table.ts";
import { type DrillRow, formatDrills, withDrills } from "./drill-table.ts";
import { DRILLS, slowTestOf } from "./report.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "reliability.md");

/**
 * Prints what the drills of a run have shown, and writes it into `docs/reliability.md`. A suite that ran only in part
 * changes nothing, and so does a drill's short form.
 */
export default class DrillReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => rowOf(module) ?? []);
    if (rows.length === 0) return;
    const page = readFileSync(PAGE, "utf8");
    const table = formatDrills(page, rows);
    console.log(`\n${table}`);
    writeFileSync(PAGE, withDrills(page, table));
  }
}

function rowOf(module: TestModule): DrillRow | undefined {
  const drill = DRILLS.find((name) => slowTestOf(name) === basename(module.moduleId));
  const tests = wholeModule(module);
  if (drill === undefined || tests === undefined) return undefined;
  const failed = tests.filter((test) => test.result().state === "failed");
  const passed = tests.filter((test) => !failed.includes(test));
  return {
    drill,
    shown: passed.flatMap((test) => test.meta().drill?.shown ?? []),
    failed: failed.map((test) => test.name),
    seconds: Math.round(module.diagnostic().duration / 1000),
    run: runText(),
  };
}
