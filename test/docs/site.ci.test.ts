import { readdir, readFile, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { parseHTML } from "linkedom";
import MiniSearch from "minisearch";
import type { Page } from "playwright-core";
import { glob } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/.vitepress/pages.ts";
import { INDEX, RANKING } from "../../docs/.vitepress/search.ts";
import manifest from "../../package.json" with { type: "json" };
import { ERROR_CODES } from "../../src/errors/codes.ts";
import { CHROMIUM, openChromium } from "../browser/chromium.ts";
import { isMissing } from "../support/optional-tool.ts";
import { type Ran, ROOT, run } from "../support/run.ts";
import {
  cutCode,
  examine,
  lettersOfDrawings,
  lettersOutside,
  serveFolder,
  WIDTHS,
} from "./site-in-browser.ts";

const SITE = join(ROOT, "docs", ".vitepress", "dist");

/** What a build prints when all is well. */
const USUAL = [
  /^> /,
  /^ *vitepress v/,
  /^[-✓] (?:building client \+ server bundles|rendering pages)\.\.\.$/,
  /^build complete in /,
];

let built: Ran;
let pages: ReadonlyMap<string, Document>;
beforeAll(async () => {
  await rm(SITE, { recursive: true, force: true });
  built = await run("npm", ["run", "docs:build"], { cwd: ROOT });
  // What went wrong is what the first test shows.
  const files = built.code === 0 ? await readdir(SITE, { recursive: true }) : [];
  const htmlFiles = files.filter((file) => file.endsWith(".html"));
  pages = new Map(
    await Promise.all(
      htmlFiles.map(async (file) => {
        const { document } = parseHTML(await readFile(join(SITE, file), "utf8"));
        return [file.replaceAll("\\", "/"), document] as const;
      }),
    ),
  );
}, 600_000);

/** Where a link of a page leads: a file of the site, and an element of it. */
function targetOf(page: string, href: string): { file: string; id: string } {
  const [path = "", id = ""] = href.split("#").map(decodeURIComponent);
  if (path === "") return { file: page, id };
  const file = posix.join(path.startsWith("/") ? "" : posix.dirname(page), path).replace(/^\//, "");
  return { file: file.endsWith("/") || file === "" ? `${file}index.html` : file, id };
}

describe("the site", () => {
  it("builds without a warning", () => {
    const lines = stripVTControlCharacters(built.stdout + built.stderr).split("\n");
    const unusual = lines.filter((line) => line.trim() !== "" && !USUAL.some((usual) => usual.test(line)));
    expect(unusual).toEqual([]);
    expect(built.code).toBe(0);
  });

  it("has no broken links, on a page or in the side bar", () => {
    const dead: string[] = [];
    for (const [page, document] of pages) {
      for (const link of document.querySelectorAll("a[href]")) {
        const href = link.getAttribute("href") ?? "";
        // Markdown is not among these pages: a test below has it.
        if (/^[a-z]+:/.test(href) || link.className === "as-markdown") continue;
        const { file, id } = targetOf(page, href);
        const target = pages.get(file);
        if (target === undefined || (id !== "" && target.getElementById(id) === null))
          dead.push(`${page} ${href}`);
      }
    }
    expect([...new Set(dead)]).toEqual([]);
  });

  it("has every page in the side bar", () => {
    const links = [...pages.get("config.html")!.querySelectorAll(".VPSidebar a")];
    const linked = new Set(
      links.map((link) => targetOf("config.html", link.getAttribute("href") ?? "").file),
    );
    const lonely = [...pages.keys()].filter(
      (page) => !linked.has(page) && !/^(?:404|index|api\/.*)\.html$/.test(page),
    );
    expect(lonely).toEqual([]);
  });

  it("keeps variables as they're written, in code and in sentences", () => {
    const inErrors = pages.get("errors.html")!.querySelector("main")?.textContent ?? "";
    expect(inErrors.includes("looks like a variable but isn't one, such as {{ name }}")).toBe(true);
    const codes = [...pages.get("mustache.html")!.querySelectorAll("main code")];
    expect(codes.some(({ textContent }) => textContent === "{{name}}")).toBe(true);
  });

  it("has an entry for every error code, at the address that errors print", () => {
    const page = pages.get("errors.html")!;
    expect(ERROR_CODES.filter((code) => page.getElementById(code) === null)).toEqual([]);
  });

  it("has the API of every public entry", () => {
    const links = [...pages.get("api/index.html")!.querySelectorAll("main a")].map(
      (link) => link.textContent,
    );
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
    expect(links).toEqual(expect.arrayContaining(entries.map((entry) => entry.replace(".", manifest.name))));
  });
});

/** What people type, and the page or section that they should find first. */
const QUERIES: readonly (readonly [query: string, found: string])[] = [
  ["rollback", "/rollback.html"],
  ["undo", "/rollback.html"],
  ["credentials", "/guide/deploy.html"],
  ["api key", "/guide/deploy.html"],
  ["windows", "/recipes/troubleshooting.html#on-windows"],
  ["typescript error", "/recipes/troubleshooting.html"],
  ["upgrade", "/guide/team.html#upgrade-unplugin-scope"],
  ["line endings", "/guide/team.html#line-endings"],
  ["conflict", "/guide/team.html"],
  ["mocking", "/testing.html"],
  ["mock", "/testing.html"],
  ["getting started", "/guide/first-prompt.html"],
  ["offline", "/guide/reviewed-and-fresh.html"],
  ["offline build", "/guide/reviewed-and-fresh.html"],
  ["outage", "/guide/reviewed-and-fresh.html"],
  ["draft", "/guide/development.html#save-a-draft"],
  ["next.js", "/next.html"],
  ["next", "/next.html"],
  ["esbuild server", "/recipes/bundlers.html"],
  ["CI comment", "/recipes/ci.html"],
  ["trace version", "/recipes/tracing.html"],
  ["zod", "/recipes/model-sdks.html"],
  ["tokens", "/check.html#tokens-and-budgets"],
  ["monorepo", "/recipes/monorepos.html"],
];

describe("search", () => {
  let index: MiniSearch;
  beforeAll(async () => {
    const chunks = join(SITE, "assets", "chunks");
    const file = (await readdir(chunks)).find((name) => name.startsWith("@localSearchIndex"));
    const { default: json } = await import(pathToFileURL(join(chunks, file ?? "")).href);
    index = MiniSearch.loadJSON(json, { ...INDEX, searchOptions: RANKING });
  });

  it.each(QUERIES)('finds the page for "%s" first', (query, found) => {
    const first: string = index.search(query)[0]?.id ?? "";
    expect(first.startsWith(found), `found ${first}`).toBe(true);
  });
});

describe("Markdown for programs", () => {
  const read = (file: string) => readFile(join(SITE, file), "utf8");

  it("is available for every page", async () => {
    const files = new Set(
      (await readdir(SITE, { recursive: true })).map((file) => file.replaceAll("\\", "/")),
    );
    const without = [...pages.keys()].filter((page) => !files.has(page.replace(/html$/, "md")));
    expect(without).toEqual(["404.html"]);
    const [alternate] = pages.get("config.html")!.querySelectorAll('link[type="text/markdown"]');
    expect(alternate?.getAttribute("href")).toBe("/config.md");
  });

  it("has neither front matter nor comments, and only links that lead to Markdown", async () => {
    const text = await read("guide/first-prompt.md");
    expect(text.startsWith("# Getting started\n")).toBe(true);
    expect(text).not.toContain("<!--");
    expect(text).toContain("(/guide/development.md)");
    const dead: string[] = [];
    for (const page of pages.keys()) {
      if (page === "404.html" || page.startsWith("api/")) continue;
      const markdown = (await read(page.replace(/html$/, "md"))).replace(/^ *```.*?^ *```$/gms, "");
      for (const [, href = ""] of markdown.replace(/`[^`]*`/g, "").matchAll(/\]\((\/[^)#]*)/g)) {
        if (!pages.has(href.slice(1).replace(/md$/, "html"))) dead.push(`${page} ${href}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it("is listed in llms.txt by part, and complete in llms-full.txt", async () => {
    const list = await read("llms.txt");
    expect(list.startsWith("# unplugin-scope\n\n> ")).toBe(true);
    const linked = [...list.matchAll(/^- \[[^\]]+\]\(\/(.*)\.md\)/gm)].map(([, page]) => `${page}.html`);
    const own = [...pages.keys()].filter((page) => !/^(?:404|index|api\/.+)\.html$/.test(page));
    expect(linked.sort()).toEqual([...own, "api/index.html"].sort());
    expect(await read("llms-full.txt")).toContain(await read("config.md"));
  });
});

describe.skipIf(isMissing(CHROMIUM))("in a browser", () => {
  let site: Awaited<ReturnType<typeof serveFolder>>;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let page: Page;
  beforeAll(async () => {
    site = await serveFolder(SITE);
    chromium = await openChromium();
    page = await chromium.context.newPage();
  });
  afterAll(async () => {
    await chromium.close();
    site.close();
  });

  it.each(["index.html", "config.html", "api/unplugin-scope/client/index.html", "404.html"])(
    "%s has no axe findings and isn't too wide, with everything around it",
    async (file) => {
      await page.goto(`${site.url}/${file}`, { waitUntil: "networkidle" });
      expect(await examine(page, "html")).toEqual([]);
    },
    300_000,
  );

  it("has no axe findings and isn't too wide, on any page", async () => {
    const wrong: string[] = [];
    // What is around a page was looked at above, and looking at it again would take most of the time.
    await page.route(/\.js$/, (route) => route.abort());
    // The page for a wrong address has its text from JavaScript.
    for (const file of [...pages.keys()].filter((one) => one !== "404.html")) {
      await page.goto(`${site.url}/${file}`);
      await page.evaluate(
        "document.querySelectorAll('.VPSidebar, .VPNav, .VPLocalNav').forEach((one) => one.remove())",
      );
      wrong.push(...(await examine(page, "main")).map((one) => `${file}, ${one}`));
    }
    await page.unroute(/\.js$/);
    expect(wrong).toEqual([]);
  }, 1_500_000);

  it("has no code that goes on out of sight, on any page", async () => {
    const cut: string[] = [];
    await page.route(/\.js$/, (route) => route.abort());
    for (const file of pages.keys()) {
      await page.goto(`${site.url}/${file}`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate<string[]>(`(${cutCode})()`);
        cut.push(...found.map((text) => `${file}, ${width} px: ${text}`));
      }
    }
    await page.unroute(/\.js$/);
    expect(cut).toEqual([]);
  }, 600_000);

  it("shows drawings that can be read on a phone, each with a text alternative", async () => {
    await page.setViewportSize({ width: 400, height: 900 });
    for (const file of ["guide/why.html", "src/README.html", "bench/README.html"]) {
      await page.goto(`${site.url}/${file}`);
      const sizes = Object.entries(await lettersOfDrawings(page));
      expect([file, sizes.length > 0]).toEqual([file, true]);
      expect(sizes.filter(([, size]) => size < 11)).toEqual([]);
    }
  });

  it("keeps the words of a drawing in place", async () => {
    const drawings = await glob(["docs/pictures/*.svg", "bench/plots/*.svg"], { cwd: ROOT, absolute: true });
    for (const drawing of drawings) {
      await page.goto(pathToFileURL(drawing).href);
      expect([drawing, await lettersOutside(page)]).toEqual([drawing, []]);
    }
  });

  it("shows in the results where a section is, in words", async () => {
    await page.goto(site.url, { waitUntil: "networkidle" });
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("development draft");
    const result = page.locator(".VPLocalSearchBox .result", { hasText: "Save a draft" }).first();
    await expect
      .poll(() => result.locator(".title").allInnerTexts())
      .toEqual(["Development", "Save a draft"]);
    await page.keyboard.press("Escape");
    // What a page quotes has headings of its own.
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("stops the next build");
    await page.waitForSelector(".VPLocalSearchBox .result");
    const titles = await page.locator(".VPLocalSearchBox .result .title").allInnerTexts();
    expect(titles.filter((title) => title.includes("stops the next build"))).toEqual([]);
  });

  it("finds a page with the keyboard", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(site.url, { waitUntil: "networkidle" });
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("rollback");
    await page.waitForSelector(".VPLocalSearchBox .result");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/rollback.html*");
  });
});

it("a page that is in no part is refused by name", () => {
  const refused = 'docs/lost.md is in no part of the site: "part"';
  expect(() => readPage("docs/lost.md", "# Lost\n")).toThrow(refused);
  const parts = "guide, recipes, frameworks, reference";
  expect(() => readPage("docs/lost.md", "---\npart: nowhere\n---\n")).toThrow(parts);
});
