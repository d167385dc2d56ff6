/**
 * `npm run pictures` makes every picture of this folder from the real programs: a local platform, `scope-gen`, the inspector,
 * Vite's dev server, and Chromium to look at them. Name some to make those alone: `npm run pictures check overlay`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openChromium } from "./chromium.js";
import { DIAGRAMS } from "./diagrams.js";
import { drawFirstLook } from "./first-look.js";
import { photographInspector } from "./inspector.js";
import { photographOverlay } from "./overlay.js";
import { openShop } from "./shop.js";
import { photographTerminal } from "./terminal.js";

const FOLDER = import.meta.dirname;

const PICTURES = {
  async diagrams() {
    for (const [file, draw] of Object.entries(DIAGRAMS)) await writeFile(join(FOLDER, file), draw());
  },
  /** The first picture of the README. */
  async "first-look"() {
    await writeFile(join(FOLDER, "first-look.svg"), await drawFirstLook());
  },
  async check({ page, shop }) {
    const { stdout } = await shop.run("check");
    await photographTerminal(page, "npx scope-gen check", stdout, join(FOLDER, "check.png"));
  },
  async inspector({ page, shop }) {
    await photographInspector(page, shop, FOLDER);
  },
  async overlay({ page }) {
    await photographOverlay(page, join(FOLDER, "overlay.png"));
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted) if (!(name in PICTURES)) throw new Error(`There's no picture "${name}".`);

const chromium = await openChromium();
const shop = await openShop();
try {
  for (const [name, make] of Object.entries(PICTURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const page = await chromium.newPage();
    await make({ page, shop });
    await page.close();
    console.log(name);
  }
} finally {
  await shop.close();
  await chromium.close();
}
