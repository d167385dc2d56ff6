import { formatTable, readTable } from "../support/kept-table.ts";
import { BREAKS, DRILLS, type DrillName } from "./report.ts";

/** What a run found of one drill. */
export interface DrillRow {
  readonly drill: string;
  /** What each of its tests has shown, in their order. */
  readonly shown: readonly string[];
  /** The titles of the tests that failed. */
  readonly failed: readonly string[];
  /** What all of its tests took. */
  readonly seconds: number;
  /** When and with what: see `runText`. */
  readonly run: string;
}

const HEAD = ["drill", "what it breaks", "result", "took", "run", "figures"];
const BEGIN = "<!-- Written by npm run verify: -->\n";
const END = "<!-- until here. -->\n";

/** What a run has shown, with the rows of the page so far where the run has none. */
export function formatDrills(page: string, rows: readonly DrillRow[]): string {
  const lines = new Map(readTable(page, HEAD).map((cells) => [cells[0] ?? "", cells]));
  for (const row of rows) lines.set(row.drill, cellsOf(row));
  const place = ([drill = ""]: readonly string[]) => (DRILLS as readonly string[]).indexOf(drill);
  return formatTable(
    HEAD,
    [...lines.values()].sort((a, b) => place(a) - place(b)),
  );
}

/** The page with a table in its place, between the two marks. */
export function withDrills(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page has no place between ${BEGIN}and ${END}`);
  return page.slice(0, begin + BEGIN.length) + table + page.slice(end);
}

function cellsOf({ drill, shown, failed, seconds, run }: DrillRow): string[] {
  const figures = shown.join("; ").replaceAll("|", "\\|").replaceAll("\n", " ");
  const titles = failed.join("; ").replaceAll("|", "\\|");
  const result = titles === "" ? "held" : `**failed: ${titles}**`;
  return [drill, BREAKS[drill as DrillName], result, `${seconds} s`, run, figures];
}
