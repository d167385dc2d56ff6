import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"];

/** A Chromium without a window. Its pages have two pixels for each of CSS, as a good screen has. */
export async function openChromium() {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) throw new Error("There's no Chromium: name one in CHROMIUM_PATH.");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({ deviceScaleFactor: 2 });
  return { newPage: () => context.newPage(), close: () => browser.close() };
}
