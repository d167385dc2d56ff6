/**
 * `npm run bench [names…]`: every bench, or those named, each figure as a ratio within one run, printed and written
 * to bench/README.md with a plot. A figure over its limit is shown as missed and fails the command.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { plotRatios } from "./support/plot.js";

const PAGE = join(import.meta.dirname, "README.md");
const PLOTS = join(import.meta.dirname, "plots");
const BEGIN = "<!-- figures -->";
const END = "<!-- end of figures -->";

const wanted = process.argv.slice(2);
const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".js")).sort();
let hasMissed = false;
for (const file of files) {
  const name = basename(file, ".js");
  if (name === "run" || (wanted.length > 0 && !wanted.includes(name))) continue;
  const bench = await import(`./${file}`);
  if (typeof bench.run !== "function") continue;
  const startedAt = performance.now();
  const { rows } = await bench.run();
  for (const row of rows) console.log(`${name.padEnd(10)} ${row.name.padEnd(64)} ${format(row)}`);
  console.log(`${name.padEnd(10)} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  hasMissed ||= rows.some(({ met }) => !met);
  // After each, so that a run that is broken off leaves what it has measured.
  await writeSection(name, bench.about, rows);
}
if (hasMissed) process.exitCode = 1;

function format({ value, limit, met }) {
  const has = limit !== undefined && limit !== null;
  return has ? `${number(value)} (limit ${limit})${met ? "" : "  MISSED"}` : number(value);
}

function number(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

/** Puts a bench's section between the page's two marks; the others stay, and so does the text around. */
async function writeSection(name, about, rows) {
  const page = await readFile(PAGE, "utf8");
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  const sections = new Map(
    page
      .slice(start + BEGIN.length, end)
      .split(/^(?=## )/m)
      .filter((section) => section.startsWith("## "))
      .map((section) => [/^## (\S+)/.exec(section)[1], section.trim()]),
  );
  sections.set(name, await sectionOf(name, about, rows));
  const sorted = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => section);
  await writeFile(
    PAGE,
    `${page.slice(0, start)}${[BEGIN, ...sorted, END].join("\n\n")}${page.slice(end + END.length)}`,
  );
}

async function sectionOf(name, about, rows) {
  const plot = plotRatios(about, rows);
  const file = join(PLOTS, `${name}.svg`);
  await mkdir(PLOTS, { recursive: true });
  if (plot === undefined) await rm(file, { force: true });
  else await writeFile(file, plot);
  const limited = rows.filter(({ limit }) => typeof limit === "number");
  const met = limited.filter((row) => row.met).length;
  return [
    `## ${name}`,
    "",
    about,
    `${met} of ${limited.length} figures are within their limits.`,
    ...(plot === undefined
      ? []
      : ["", `![A dot for each figure of the table, with its limit](plots/${name}.svg)`]),
    "",
    "<details>",
    `<summary>All ${rows.length} figures: npm run bench ${name}, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores</summary>`,
    "",
    "| figure | value | limit | met |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ name: title, value, limit, met }) =>
        `| ${title} | ${number(value)} | ${limit ?? ""} | ${limit ? (met ? "yes" : "**no**") : ""} |`,
    ),
    "",
    "</details>",
  ].join("\n");
}
