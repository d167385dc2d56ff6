import { expect, it } from "vitest";
import { formatSupport, type SupportRow } from "./support-table.ts";

const run = { date: "2026-11-28", nodeVersion: "22.12.0" };
const next: SupportRow = { row: "Next 16.4.6", results: new Map([["build", true]]) };
const openai = (row: string, passed: boolean): SupportRow => ({
  row,
  results: new Map([["chat", passed]]),
  isSdk: true,
});

it("a run of SDKs keeps the rows of frameworks, other majors, and the other way round", () => {
  const first = formatSupport("", [next, openai("openai 6.49.0", true)], run);
  const second = formatSupport(first, [openai("openai 7.58.0", true)], run);
  const third = formatSupport(second, [openai("openai 7.59.0", false)], { ...run, date: "2026-11-29" });
  expect(first).toContain("| Next 16.4.6 | yes |");
  expect(third).toContain("| Next 16.4.6 | yes |");
  expect(third).toContain("| openai 6.49.0 | yes | – | – | – | – | 2026-11-28, Node 22.12.0 |");
  expect(third).toContain("| openai 7.59.0 | **no** | – | – | – | – | 2026-11-29, Node 22.12.0 |");
  expect(third).not.toContain("7.58.0");
  expect(formatSupport(third, [next], run)).toBe(third);
});
