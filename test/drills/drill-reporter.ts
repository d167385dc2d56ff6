import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Reporter, TestModule } from "vitest/node";
import { runText, wholeModule } from "../support/kept-table.ts";
import { type DrillRow, formatDrills, withDrills } from "./drill-table.ts";
import { DRILLS, slowTestOf } from "./report.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const PAGE = join(DOCS, "reliability.md");
const PLOT = join(DOCS, "pictures", "scale");

/**
 * Prints what the drills of a run have shown, and writes it into `docs/reliability.md`. A suite that ran only in part
 * changes nothing, and so does a drill's short form.
 */
export default class DrillReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const rows = modules.flatMap((module) => rowOf(module) ?? []);
    if (rows.length === 0) return;
    const page = readFileSync(PAGE, "utf8");
    const table = formatDrills(page, rows);
    console.log(`\n${table}`);
    const written = withDrills(page, table);
    writeFileSync(PAGE, written);
    const { plotScale } = await import(pathToFileURL(`${PLOT}.js`).href);
    writeFileSync(`${PLOT}.svg`, plotScale(written));
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
