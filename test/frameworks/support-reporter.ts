import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { wholeModule } from "../support/kept-table.ts";
import type { Check } from "./support.ts";
import { formatSupport } from "./support-table.ts";

const PAGE = join(import.meta.dirname, "..", "..", "docs", "support.md");

/** Writes the outcomes of the framework suites into `docs/support.md`. A suite that ran only in part changes nothing. */
export default class SupportReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, Map<Check, boolean>>();
    const nodeVersions = new Map<string, string | undefined>();
    for (const module of modules) {
      for (const test of wholeModule(module) ?? []) {
        const { support } = test.meta();
        if (support === undefined) continue;
        const results = rows.get(support.row) ?? new Map<Check, boolean>();
        // Two tests of one cell: both have to pass.
        results.set(support.check, test.result().state === "passed" && results.get(support.check) !== false);
        rows.set(support.row, results);
        nodeVersions.set(support.row, support.nodeVersion);
      }
    }
    if (rows.size === 0) return;
    const before = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
    const run = { date: new Date().toISOString().slice(0, 10), nodeVersion: process.versions.node };
    const found = [...rows].map(([row, results]) => ({ row, results, nodeVersion: nodeVersions.get(row) }));
    writeFileSync(PAGE, formatSupport(before, found, run));
  }
}
