/** What the drawn pictures share: a narrow sheet, so that labels stay readable on a phone, in light and in dark. */

/** Units across a sheet. A page of 400 px shows it at nearly this size. */
export const WIDTH = 372;

/** How much larger a picture is where there is room. */
const SCALE = 1.2;

const LIGHT = {
  sheet: "#fffdf8",
  ink: "#1d1b16",
  faint: "#6a6558",
  rule: "#cfc8b8",
  box: "#f4f0e6",
  good: "#0b6e5f",
  bad: "#b3261e",
};
const DARK = {
  sheet: "#191d1c",
  ink: "#ece9e0",
  faint: "#a8a596",
  rule: "#46504d",
  box: "#232927",
  good: "#5cc9b4",
  bad: "#ff8a80",
};

const colours = (palette) =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");

const STYLE = `
  :root { ${colours(LIGHT)} }
  @media (prefers-color-scheme: dark) { :root { ${colours(DARK)} } }
  text { font: 13px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }
  .small { font-size: 12px; fill: var(--faint); }
  .code { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  .strong { font-weight: 600; }
  .sheet { fill: var(--sheet); }
  .box { fill: var(--box); stroke: var(--rule); }
  .frame { fill: none; stroke: var(--rule); stroke-dasharray: 2 3; }
  .good { stroke: var(--good); stroke-width: 1.5; }
  .bad { stroke: var(--bad); stroke-width: 1.5; }
  .line { fill: none; stroke: var(--faint); stroke-width: 1.25; }
  .later { stroke-dasharray: 4 4; }
  .tip { fill: var(--faint); }
  .rule { stroke: var(--rule); }
  .dot { fill: var(--good); }
  .dot.over { fill: var(--bad); }
  .limit { stroke: var(--bad); stroke-width: 2; }
`;

export const escapeText = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A text; `class` says how it looks, `anchor` where it starts from. */
export function label(x, y, text, { className = "", anchor = "start" } = {}) {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" class="${className}">${escapeText(text)}</text>`;
}

/** A whole picture. */
export function sheet(title, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${Math.round(WIDTH * SCALE)}" height="${Math.round(height * SCALE)}" role="img">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
<rect class="sheet" width="${WIDTH}" height="${height}" rx="8" />
${parts.join("\n")}
</svg>
`;
}
