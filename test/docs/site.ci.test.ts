import { readdir, readFile, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/.vitepress/pages.ts";
import manifest from "../../package.json" with { type: "json" };
import { ERROR_CODES } from "../../src/errors/codes.ts";
import { type Ran, ROOT, run } from "../support/run.ts";

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

  it("has no link that leads nowhere, in a page or its side bar", () => {
    const dead: string[] = [];
    for (const [page, document] of pages) {
      for (const link of document.querySelectorAll("a[href]")) {
        const href = link.getAttribute("href") ?? "";
        if (/^[a-z]+:/.test(href)) continue;
        const { file, id } = targetOf(page, href);
        const target = pages.get(file);
        if (target === undefined || (id !== "" && target.getElementById(id) === null))
          dead.push(`${page} ${href}`);
      }
    }
    expect([...new Set(dead)]).toEqual([]);
  });

  it("has every page in its side bar", () => {
    const links = [...pages.get("config.html")!.querySelectorAll(".VPSidebar a")];
    const linked = new Set(
      links.map((link) => targetOf("config.html", link.getAttribute("href") ?? "").file),
    );
    const lonely = [...pages.keys()].filter(
      (page) => !linked.has(page) && !/^(?:404|index|api\/.*)\.html$/.test(page),
    );
    expect(lonely).toEqual([]);
  });

  it("keeps variables as they are written, in code and in sentences", () => {
    const inErrors = pages.get("errors.html")!.querySelector("main")?.textContent ?? "";
    expect(inErrors.includes("looks like a variable and is none, such as {{ name }}")).toBe(true);
    const codes = [...pages.get("mustache.html")!.querySelectorAll("main code")];
    expect(codes.some(({ textContent }) => textContent === "{{name}}")).toBe(true);
  });

  it("shows diagrams, and their text until they are drawn", () => {
    const diagrams = [...pages.get("architecture.html")!.querySelectorAll("pre.mermaid")];
    expect(diagrams.map(({ textContent }) => textContent?.split("\n")[0])).toEqual([
      "flowchart TB",
      "flowchart LR",
      "flowchart RL",
    ]);
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

describe("a page", () => {
  it("is placed by its folder, its front matter and its heading", () => {
    expect(readPage("docs/guide/start.md", "# Start `here`\n")).toMatchObject({
      link: "/guide/start",
      part: "guide",
      title: "Start here",
    });
    const text = "---\npart: recipes\ntitle: A title\norder: 2\n---\n\n# Another\n";
    expect(readPage("docs/astro.md", text)).toMatchObject({ part: "recipes", title: "A title", order: 2 });
  });

  it("that is in no part is refused by name", () => {
    expect(() => readPage("docs/lost.md", "# Lost\n")).toThrow(
      'docs/lost.md is in no part of the site: "part"',
    );
    expect(() => readPage("docs/lost.md", "---\npart: nowhere\n---\n")).toThrow("guide, recipes, reference");
  });
});
