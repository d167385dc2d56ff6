import { formatTable, readTable, runText } from "../support/kept-table.ts";
import { type Check, COLUMNS, SDK_COLUMNS } from "./support.ts";

/** What a run found of one framework or SDK. */
export interface SupportRow {
  readonly row: string;
  readonly results: ReadonlyMap<Check, boolean>;
  readonly isSdk?: boolean | undefined;
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
const SDK_HEAD = ["SDK", ...SDK_COLUMNS, "run"];

const INTRO = `---
part: evidence
order: 1
---

# Support

Twenty hosts are tested, one for each kind of bundler, framework and runtime that teams use. Each row is one application, made with the
host's own starter. \`npm run verify\` installs the packed package in it, builds and runs it, and writes the row.

**The rule for the rest:** a host that takes plugins of Vite, webpack, Rspack, Rollup, Rolldown, esbuild, Farm or Bun takes
[that bundler's plugin](recipes/bundlers.md). One that runs its code in Node takes [\`/register\`](node.md). All others import what
[\`scope-gen emit\`](tools.md#without-a-plugin) writes.

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
| manifest | the files of \`.scope/manifest/\` name every prompt of the build |
| init | \`scope-gen init --yes\` turns the starter's files into exactly this set-up |
| doctor | \`scope-gen doctor\` finds no problem in the set-up |

A dash: the check wasn't run, in most cases because it doesn't apply. The applications are in \`fixtures/frameworks\`.

</details>
`;

const SDK_INTRO = `
## Model SDKs

Each row is the code of [Model SDKs](recipes/model-sdks.md), run with the packed package against a
local server that records what it's asked. An older version runs the same code, with the changes that its page lists.

| column | what passed |
| --- | --- |
| chat | a chat prompt arrives as the provider's API has it, with the settings from the metadata |
| answer | a text prompt arrives with the schema for its answer; a right answer is read, and a wrong one refused |
| stream | the answer is read while it arrives |
| attributes | the prompt and its version are in the SDK's own traces; \`–\` for an SDK without any |
| types | the code compiles without a cast, \`strict\`, under TypeScript 6 and 7; a misspelt variable doesn't |

`;

/**
 * The text of `docs/support.md`: the rows of the page so far, with those of a run in their place. A row belongs to a
 * framework or SDK and its major version, so that a newer minor version replaces it.
 */
export function formatSupport(before: string, rows: readonly SupportRow[], run: SupportRun): string {
  const frameworks = rows.filter(({ isSdk }) => !isSdk);
  const sdks = rows.filter(({ isSdk }) => isSdk);
  const rowsOfTools = keptRows(readTable(before, HEAD), frameworks, run);
  const tools = [INTRO, sentence(rowsOfTools), formatTable(HEAD, rowsOfTools), LEGEND].join("");
  return tools + SDK_INTRO + formatTable(SDK_HEAD, keptRows(readTable(before, SDK_HEAD), sdks, run));
}

function keptRows(before: readonly string[][], rows: readonly SupportRow[], run: SupportRun): string[][] {
  const lines = new Map(before.map((cells) => [rowKey(cells[0] ?? ""), cells]));
  for (const row of rows) lines.set(rowKey(row.row), cellsOf(row, run));
  const sorted = [...lines].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return sorted.map(([, cells]) => cells);
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

function cellsOf({ row, results, isSdk, nodeVersion }: SupportRow, run: SupportRun): string[] {
  const mark = (passed: boolean | undefined) => (passed === undefined ? "–" : passed ? "yes" : "**no**");
  const columns: readonly string[] = isSdk ? SDK_COLUMNS : COLUMNS;
  const others = [...results].filter(([check]) => !columns.includes(check));
  const also = others.map(([check, passed]) => (passed ? check : `**not ${check}**`)).join(", ");
  return [
    row,
    ...columns.map((column) => mark(results.get(column))),
    ...(isSdk ? [] : [also || "–"]),
    runText(nodeVersion ?? run.nodeVersion, run.date),
  ];
}
