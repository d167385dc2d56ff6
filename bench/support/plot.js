// Figures as a picture: a dot for each ratio, a mark for its limit.
import { label, sheet, WIDTH } from "../../docs/pictures/svg.js";

const LEFT = 14;
const RIGHT = WIDTH - 62;
const LINE = 15;
/** Letters of a line of text as wide as the sheet. */
const MAX_LETTERS = 54;
/** More rows than a picture has room for: then only those with a limit are in it. */
const MAX_ROWS = 20;

/**
 * The ratios among rows as an SVG; undefined where there is none.
 *
 * @param title what the picture shows
 * @param rows { name, value, limit }: a ratio has two sides in its name
 */
export function plotRatios(title, rows) {
  const all = rows.filter(({ name }) => name.includes(" / "));
  const ratios = all.length > MAX_ROWS ? all.filter(({ limit }) => typeof limit === "number") : all;
  if (ratios.length === 0) return undefined;
  const values = ratios.flatMap(({ value, limit }) => [value, limit ?? value]);
  const place = scale(Math.min(0.9, ...values), Math.max(1.5, ...values));
  const key = "dot: measured; red mark: limit; thin mark: 1, no difference";
  const parts = [label(LEFT, 22, key, { className: "small" })];
  let y = 34;
  for (const { name, value, limit } of ratios) {
    for (const text of wrap(name)) {
      y += LINE;
      parts.push(label(LEFT, y, text, { className: "small" }));
    }
    y += 13;
    const isOver = typeof limit === "number" && value > limit;
    parts.push(
      `<path class="rule" d="M${LEFT} ${y} H${RIGHT} M${place(1)} ${y - 6} V${y + 6}" />`,
      ...(typeof limit === "number"
        ? [`<path class="limit" d="M${place(limit)} ${y - 7} V${y + 7}" />`]
        : []),
      `<circle class="dot${isOver ? " over" : ""}" cx="${place(value)}" cy="${y}" r="4.5" />`,
      label(WIDTH - 10, y + 4.5, String(value), { className: "strong", anchor: "end" }),
    );
    y += 14;
  }
  return sheet(title, y + 8, parts);
}

/** Where a ratio is on its line: by logarithm where ratios are far apart. */
function scale(low, high) {
  const as = high / low > 4 ? Math.log : (value) => value;
  const across = (value) => (as(value) - as(low)) / (as(high) - as(low));
  return (value) => Math.round((LEFT + 6 + across(value) * (RIGHT - LEFT - 12)) * 10) / 10;
}

function wrap(text) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (`${lines.at(-1)} ${word}`.length > MAX_LETTERS) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines;
}
