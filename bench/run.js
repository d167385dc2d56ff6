/**
 * `npm run bench [names…]`: every bench, or those named, each figure as a ratio within one run, printed and written
 * to bench/README.md. A figure over its limit is shown as missed and fails the command.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";

const PAGE = join(import.meta.dirname, "README.md");
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

const wanted = process.argv.slice(2);
const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".js")).sort();
const figures = [];
for (const file of files) {
  const name = basename(file, ".js");
  if (name === "run" || (wanted.length > 0 && !wanted.includes(name))) continue;
  const bench = await import(`./${file}`);
  if (typeof bench.run !== "function") continue;
  const startedAt = performance.now();
  const { rows } = await bench.run();
  for (const row of rows) {
    figures.push({ bench: name, ...row });
    console.log(`${name.padEnd(10)} ${row.name.padEnd(64)} ${format(row)}`);
  }
  console.log(`${name.padEnd(10)} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
await writePage();
if (figures.some(({ met }) => !met)) process.exitCode = 1;

function format({ value, limit, met }) {
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(3);
  return limit === undefined || limit === null ? shown : `${shown} (limit ${limit})${met ? "" : "  MISSED"}`;
}

/** Puts the figures between the page's two marks; benches that did not run keep theirs, and so does the text around. */
async function writePage() {
  const page = await readFile(PAGE, "utf8");
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  const ran = new Set(figures.map(({ bench }) => bench));
  const kept = page
    .slice(start, end)
    .split("\n")
    .filter((line) => /^\| [a-z]+ \|/.test(line) && !line.startsWith("| bench |"))
    .filter((line) => !ran.has(line.split("|")[1].trim()));
  const rows = figures.map(
    ({ bench, name, value, limit, met }) =>
      `| ${bench} | ${name} | ${Number.isInteger(value) ? value : value.toFixed(3)} | ${limit ?? ""} | ${limit ? (met ? "yes" : "**no**") : ""} |`,
  );
  const table = [
    BEGIN,
    `Node ${process.versions.node}, ${cpus().length} cores. Each figure is a ratio within one run, unless it names a unit.`,
    "",
    "| bench | figure | value | limit | met |",
    "| --- | --- | --- | --- | --- |",
    ...[...kept, ...rows].sort((a, b) =>
      a.split("|")[1] < b.split("|")[1] ? -1 : a.split("|")[1] > b.split("|")[1] ? 1 : 0,
    ),
    "",
  ].join("\n");
  await writeFile(PAGE, page.slice(0, start) + table + page.slice(end));
}
