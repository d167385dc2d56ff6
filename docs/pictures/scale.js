import { label, sheet, WIDTH } from "./svg.js";

const SIZES = [10, 100, 1000, 10_000];
/** Those that are drawn: the other builds lie between them. */
const SHOWN = ["dev start", "Vite build, cold", "pull", "check"];
const BOX = { left: 44, right: WIDTH - 112, top: 44, bottom: 268 };
const SECONDS = { low: 0.5, high: 400 };

/** How long commands take with more prompts, from the row of the drill `scale` in docs/reliability.md. */
export function plotScale(page) {
  const row = page.split("\n").find((line) => line.startsWith("| scale | "));
  if (row === undefined) throw new Error("The page has no figures of the drill scale.");
  const lines = SHOWN.flatMap((name) => {
    const [, times] = new RegExp(`[:;] ${name}: ([\\d. /]+) s,`).exec(row) ?? [];
    return times === undefined ? [] : [{ name, times: times.split(" / ").map(Number) }];
  });
  const x = (index) => BOX.left + (index / (SIZES.length - 1)) * (BOX.right - BOX.left);
  const y = (seconds) => {
    const part = Math.log(seconds / SECONDS.low) / Math.log(SECONDS.high / SECONDS.low);
    return Math.round((BOX.bottom - part * (BOX.bottom - BOX.top)) * 10) / 10;
  };
  const parts = [
    label(14, 24, "seconds a command takes, by the number of prompts", { className: "small" }),
    ...[1, 10, 100].flatMap((seconds) => [
      `<path class="rule" d="M${BOX.left} ${y(seconds)} H${BOX.right}" />`,
      label(BOX.left - 8, y(seconds) + 4, `${seconds} s`, { className: "small", anchor: "end" }),
    ]),
    ...SIZES.map((size, index) =>
      label(x(index), BOX.bottom + 20, size.toLocaleString("en"), { className: "small", anchor: "middle" }),
    ),
  ];
  let lowest = 0;
  for (const { name, times } of lines.sort((a, b) => b.times.at(-1) - a.times.at(-1))) {
    const points = times.map((seconds, index) => [x(index), y(seconds)]);
    const path = points.map((point, index) => `${index === 0 ? "M" : "L"}${point.join(" ")}`).join(" ");
    parts.push(`<path class="line" d="${path}" />`);
    for (const [cx, cy] of points) parts.push(`<circle class="dot" cx="${cx}" cy="${cy}" r="3.5" />`);
    // Names of lines that end close together are set apart.
    lowest = Math.max(lowest + 15, points.at(-1)[1] + 4);
    parts.push(label(BOX.right + 10, lowest, name, { className: "small" }));
  }
  return sheet("Seconds a command takes, by the number of prompts", 300, parts);
}
