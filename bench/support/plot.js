// Figures as a picture: a dot for each ratio, a mark for its limit.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/**
 * The ratios among rows as an SVG; undefined where there is none.
 *
 * @param rows { name, value, limit }: a ratio has two sides in its name
 */
export function plotRatios(rows) {
  const ratios = rows.filter(({ name }) => name.includes(" / "));
  if (ratios.length === 0) return undefined;
  const { document } = parseHTML("<!doctype html><body></body>");
  const longest = Math.max(...ratios.map(({ name }) => name.length));
  const widest = Math.max(...ratios.map(({ value }) => value));
  const svg = Plot.plot({
    document,
    width: 420 + longest * 6,
    marginLeft: 20 + longest * 6,
    x: {
      type: widest > 4 ? "log" : "linear",
      label: "ratio (dot: measured, red line: limit)",
      grid: true,
      nice: true,
    },
    y: { label: null, domain: ratios.map(({ name }) => name) },
    marks: [
      Plot.ruleX([1], { strokeOpacity: 0.4 }),
      Plot.ruleY(ratios, { y: "name", x1: 1, x2: "value", strokeOpacity: 0.4 }),
      Plot.tickX(
        ratios.filter(({ limit }) => typeof limit === "number"),
        { y: "name", x: "limit", stroke: "red", strokeWidth: 2 },
      ),
      Plot.dot(ratios, { y: "name", x: "value", fill: "currentColor", r: 4 }),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // An image has no page whose colours it could take.
  svg.setAttribute("style", "background: white; color: black");
  return `${svg.outerHTML}\n`;
}
