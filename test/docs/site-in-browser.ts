import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { type Listening, listen } from "../support/listen.ts";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".md": "text/markdown",
};

/** A built site on a port of this machine. */
export async function serveFolder(folder: string): Promise<Listening> {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const content = await readFile(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return listen(server);
}

export const WIDTHS = [400, 768, 1280];

/**
 * What is wrong with an open page at each width, in light and in dark: what axe finds, what is wider than its place, and
 * drawings whose letters are too small. Empty where nothing is.
 *
 * @param within what axe looks at: the whole page, or the part that no other page has
 */
export async function examine(page: Page, within: "html" | "main"): Promise<string[]> {
  const wrong: string[] = [];
  await page.evaluate(AXE);
  // Colours that are still on their way have the contrast of neither end.
  await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important }" });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const tooWide = await page.evaluate<string[]>(`(${findTooWide})()`);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const violations = await page.evaluate<string[]>(`(${runAxe})("${within}")`);
      wrong.push(...violations.map((one) => `${width} px, ${colorScheme}: ${one}`));
    }
    wrong.push(...tooWide.map((one) => `${width} px: ${one}`));
  }
  return wrong;
}

// What runs in the browser is text: the tests have no types of a browser's page.

const runAxe = `async (within) => {
  const { violations } = await axe.run(within, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + " " + html.slice(0, 200)));
}`;

/** Blocks of code may be scrolled; text, tables and the page may not. */
const findTooWide = `() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
  const { right } = document.querySelector("main").getBoundingClientRect();
  for (const one of document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, table, td, img, summary)")) {
    if (one.closest("pre") !== null) continue;
    const isTooWide = one.getBoundingClientRect().right > right + 1;
    const overflows = getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1;
    if (isTooWide || overflows) found.push(one.tagName + " is too wide: " + one.textContent.trim().slice(0, 60));
  }
  return found;
}`;

/**
 * Blocks that go on out of sight. What a program prints may, in a narrow window, and code with a line of more than 100
 * characters in a wide one, if the block can be seen to scroll.
 */
export const cutCode = `() => [...document.querySelectorAll("main pre")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .filter((one) => {
    const isPrinted = one.parentElement.matches(".language-, .language-text");
    const isLong = one.textContent.split("\\n").some((line) => line.length > 100);
    const isSeen = getComputedStyle(one).backgroundAttachment.includes("local");
    return !isSeen || !(innerWidth < 1280 ? isPrinted : isLong && !isPrinted);
  })
  .map((one) => one.textContent.slice(0, 60))`;

/** The drawn size in pixels of the smallest letters of each drawing of a page, by the drawing's address. */
export async function lettersOfDrawings(page: Page): Promise<Record<string, number>> {
  return page.evaluate<Record<string, number>>(`(async () => {
    const sizes = {};
    for (const image of document.querySelectorAll("main img[src*='svg']")) {
      const frame = document.createElement("div");
      frame.innerHTML = await (await fetch(image.src)).text();
      document.body.append(frame);
      const drawn = frame.querySelector("svg");
      const letters = [...drawn.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize));
      sizes[image.src] = Math.min(...letters) * (image.clientWidth / drawn.viewBox.baseVal.width);
      frame.remove();
    }
    return sizes;
  })()`);
}

/** Texts of a drawing that leave the sheet, and those of a box that leave the box. */
export async function lettersOutside(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll("text")].flatMap((text) => {
    const inner = text.getBBox();
    const before = text.previousElementSibling?.tagName === "text" ? text.previousElementSibling : text;
    const rect = before.previousElementSibling;
    const isInBox = text.getAttribute("text-anchor") === "middle" && rect?.classList.contains("box");
    const outer = isInBox ? rect.getBBox() : document.querySelector(".sheet").getBBox();
    const fits = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
    return fits ? [] : [text.textContent];
  })`);
}
