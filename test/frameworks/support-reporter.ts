import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { wholeModule } from "../support/kept-table.ts";
import type { Check } from "./support.ts";
import { formatSupport, type SupportRow } from "./support-table.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "support.md");

/** Writes the outcomes of the framework suites into `docs/support.md`. A suite that ran only in part changes nothing. */
export default class SupportReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, SupportRow & { results: Map<Check, boolean> }>();
    for (const module of modules) {
      for (const test of wholeModule(module) ?? []) {
        const { support } = test.meta();
        if (support === undefined) continue;
        const { check, ...about } = support;
        const results = rows.get(support.row)?.results ?? new Map<Check, boolean>();
        // Two tests of one cell: both have to pass.
        results.set(check, test.result().state === "passed" && results.get(check) !== false);
        rows.set(support.row, { ...about, results });
      }
    }
    if (rows.size === 0) return;
    const before = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
    const run = { date: new Date().toISOString().slice(0, 10), nodeVersion: process.versions.node };
    writeFileSync(PAGE, formatSupport(before, [...rows.values()], run));
  }
}
