import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { wrapAnsi } from "fast-wrap-ansi";
import { editorOf } from "./editor.js";
import { screenOf } from "./screen.js";
import { openShop } from "./shop.js";

/** Few enough to be read on a phone. */
const COLUMNS = 60;
const FONT = 15;
const CELL = 9;
const LINE = 22;
const PAD = 20;
const TITLE = 34;
const GAP = 16;
const WIDTH = COLUMNS * CELL + 2 * PAD;

/** On a background of its own, so it's the same on a light page and a dark one. */
const COLORS = {
  text: "#cdd6f4",
  grey: "#9399b2",
  red: "#f38ba8",
  green: "#a6e3a1",
  yellow: "#f9e2af",
  blue: "#89b4fa",
  magenta: "#cba6f7",
  cyan: "#94e2d5",
};

const FILE = "src/main.ts";
const SOURCE = `import welcome from "scope:welcome";

console.log(welcome({ name: "Ada", product: "Looms" }));
`;
const SHOP = {
  pulled: { "welcome/1.md": "Greet {{name}}, who opened {{product}}." },
  edited: { "welcome/2.md": "Greet {{name}}, who opened {{product}} on the {{plan}} plan." },
  sources: { [FILE]: SOURCE },
};

/**
 * The picture of the README, as SVG: TypeScript's error at a misspelt variable, and what `scope-gen check` prints once the
 * prompt was edited on the platform.
 */
export async function drawFirstLook() {
  const shop = await openShop(SHOP);
  try {
    await writeFile(join(shop.root, FILE), SOURCE.replace("product", "produkt"));
    const editor = editorOf(shop.root, FILE);
    await writeFile(join(shop.root, FILE), SOURCE);
    const screen = await screenOf([process.execPath, shop.scopeGen, "check"], {
      cwd: shop.root,
      env: shop.env,
      columns: COLUMNS,
    });
    return draw(editor, screen);
  } finally {
    await shop.close();
  }
}

function draw({ lines, error }, screen) {
  const editorRows = lines.flatMap((line, index) => {
    const numbered = [{ text: ` ${index + 1}  `, color: "grey" }, ...line];
    return index === error.line ? [numbered, ...messageRows(error.message)] : [numbered];
  });
  const command = [
    { text: "$ ", color: "grey" },
    { text: "npx scope-gen check", color: "text", isBold: true },
  ];
  const first = panel(0, `${FILE} in your editor`, editorRows, squiggle(error));
  const second = panel(first.height + GAP, "Somebody edits the prompt on the platform, and adds {{plan}}", [
    command,
    ...screen,
  ]);
  const height = first.height + GAP + second.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}">
<title>A misspelt variable in an editor, and a call that an edited prompt breaks</title>
${first.svg}
${second.svg}
</svg>
`;
}

function messageRows(message) {
  return wrapAnsi(message, COLUMNS - 4)
    .split("\n")
    .map((text) => [
      { text: "    ", color: "text" },
      { text, color: "red" },
    ]);
}

function squiggle({ line, column, length }) {
  const x = PAD + (column + 4) * CELL;
  const y = TITLE + PAD + line * LINE + 3;
  const waves = Array.from({ length: (length * CELL) / 6 }, () => "q1.5 -3 3 0 t3 0").join(" ");
  return `<path d="M${x} ${y} ${waves}" fill="none" stroke="${COLORS.red}" stroke-width="1.5"/>`;
}

/** A window with a title and lines of text. Each part has its place and its width, so no font moves it. */
function panel(top, title, rows, extra = "") {
  const height = TITLE + rows.length * LINE + PAD + 4;
  const texts = rows.flatMap((parts, row) => {
    let column = 0;
    return parts.flatMap((part) => {
      const start = column;
      column += part.text.length;
      // SVG makes one space of many, so what has more between is apart.
      return Array.from(part.text.matchAll(/\S+(?: \S+)*/g), ({ 0: words, index }) =>
        textAt(PAD + (start + index) * CELL, TITLE + PAD + row * LINE, { ...part, text: words }),
      );
    });
  });
  const svg = `<g transform="translate(0 ${top})">
<rect class="sheet" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="#1e1e2e" stroke="#585b70"/>
<text x="${PAD}" y="23" fill="${COLORS.grey}" font-size="14" font-family="system-ui, sans-serif">${escaped(title)}</text>
<path d="M0.5 ${TITLE}H${WIDTH - 0.5}" stroke="#45475a"/>
${texts.join("\n")}
${extra}</g>`;
  return { svg, height };
}

function textAt(x, y, { text, color, isBold }) {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<text x="${x}" y="${y}" textLength="${text.length * CELL}" lengthAdjust="spacingAndGlyphs" fill="${COLORS[color]}"${weight}>${escaped(text)}</text>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
