import type { TestCase, TestModule } from "vitest/node";

/** A table of a page that a run writes, as the cells of its rows; none where the page has no such table yet. */
export function readTable(page: string, head: readonly string[]): readonly string[][] {
  const start = page.indexOf(line(head));
  if (start < 0) return [];
  const lines = page.slice(start).split("\n").slice(2);
  const end = lines.findIndex((text) => !text.startsWith("| "));
  return lines.slice(0, end).map((text) => text.replace(/^\| | \|$/g, "").split(" | "));
}

/** The text of such a table. */
export function formatTable(head: readonly string[], rows: Iterable<readonly string[]>): string {
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** The tests of a module that ran as a whole. Undefined where a filter left some out: its figures would be of a part. */
export function wholeModule(module: TestModule): readonly TestCase[] | undefined {
  const tests = [...module.children.allTests()];
  return tests.every((test) => ["passed", "failed"].includes(test.result().state)) ? tests : undefined;
}

/** When and with what a run was made, as its cell says it. */
export function runText(
  nodeVersion: string = process.versions.node,
  date: string = new Date().toISOString().slice(0, 10),
): string {
  return `${date}, Node ${nodeVersion}`;
}
