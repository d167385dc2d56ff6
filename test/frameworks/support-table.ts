import { formatTable, readTable, runText } from "../support/kept-table.ts";
import { type Check, COLUMNS } from "./support.ts";

/** What a run found of one framework. */
export interface SupportRow {
  readonly row: string;
  readonly results: ReadonlyMap<Check, boolean>;
  /** Where it is not the run's. */
  readonly nodeVersion?: string | undefined;
}

/** What the run was made with. */
export interface SupportRun {
  /** Such as "2026-11-26". */
  readonly date: string;
  /** Such as "20.20.2". */
  readonly nodeVersion: string;
}

const HEAD = ["framework", ...COLUMNS, "also", "run"];

const INTRO = `---
part: evidence
order: 1
---

# Support

Each row of this page is one application, made with the framework's own starter. \`npm run verify\` installs the packed package in it,
builds and runs it, and writes the row.

`;

const LEGEND = `
<details>
<summary>What the columns mean</summary>

| column | what passed |
| --- | --- |
| build | the production build |
| server | the built output, started and asked: a page, a route or what the output prints |
| dev | the dev server: an edit on the platform reaches the page or the route |
| types | the framework's own type check accepts right calls and refuses a misspelt variable |
| manifest | \`.scope/manifest.json\` names every prompt in any output |
| init | \`scope-gen init --yes\` turns the starter's files into exactly this set-up |
| doctor | \`scope-gen doctor\` is green, and red with the plugin taken out |

A dash: the check wasn't run, in most cases because it doesn't apply. The applications are in \`fixtures/frameworks\`.

</details>
`;

/**
 * The text of `docs/support.md`: the rows of the page so far, with those of a run in their place. A row belongs to a
 * framework and its major version, so that a newer minor version replaces it.
 */
export function formatSupport(before: string, rows: readonly SupportRow[], run: SupportRun): string {
  const lines = new Map(readTable(before, HEAD).map((cells) => [rowKey(cells[0] ?? ""), cells]));
  for (const row of rows) lines.set(rowKey(row.row), cellsOf(row, run));
  const sorted = [...lines].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const table = sorted.map(([, cells]) => cells);
  return [INTRO, sentence(table), formatTable(HEAD, table), LEGEND].join("");
}

/** What all rows come to. */
function sentence(rows: readonly (readonly string[])[]): string {
  const passed = rows.filter((cells) => !cells.some((cell) => cell.includes("**no"))).length;
  const tools = passed === rows.length ? `All ${passed}` : `${passed} of ${rows.length}`;
  return `${tools} frameworks and tools passed every check that was run.\n\n`;
}

/** "Next 16.4.6" and "Next 16.5.0" are one row. */
function rowKey(row: string): string {
  return row.replace(/(\d+)(?:\.\d+)*(?:-[\w.]+)?$/, "$1");
}

function cellsOf({ row, results, nodeVersion }: SupportRow, run: SupportRun): string[] {
  const mark = (passed: boolean | undefined) => (passed === undefined ? "–" : passed ? "yes" : "**no**");
  const others = [...results].filter(([check]) => !(COLUMNS as readonly string[]).includes(check));
  const also = others.map(([check, passed]) => (passed ? check : `**not ${check}**`)).join(", ");
  return [
    row,
    ...COLUMNS.map((column) => mark(results.get(column))),
    also || "–",
    runText(nodeVersion ?? run.nodeVersion, run.date),
  ];
}
