import { access, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";
import { glob } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { readPage } from "../../docs/.vitepress/pages.ts";
import { ROOT } from "../support/run.ts";

const OVERVIEW = "docs/overview.md";
const pages = await glob(["docs/**/*.md", "*.md", "src/README.md"], {
  cwd: ROOT,
  ignore: ["docs/api/**", "docs/.vitepress/**", "docs/index.md"],
});
/** With the line ends of the repository: git may write others into a checkout. */
const textOf = async (page: string) => (await readFile(join(ROOT, page), "utf8")).replaceAll("\r\n", "\n");

/** Files of this repository that a page links to or shows, as the page names them. */
function targetsOf(text: string): string[] {
  const prose = text.replace(/^( *)```.*?^\1```/gms, "").replace(/`[^`]*`/g, "");
  const found = prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g);
  return [...found]
    .map(([, link, source]) => link ?? source ?? "")
    .filter((to) => !/^(?:[a-z]+:|#)/i.test(to));
}

it("docs/overview.md lists every page of docs", async () => {
  const listed = new Set(targetsOf(await textOf(OVERVIEW)).map((to) => join("docs", to.split("#")[0] ?? "")));
  const missing = pages.filter(
    (page) => page.startsWith("docs/") && page !== OVERVIEW && !listed.has(join(page)),
  );
  expect(missing).toEqual([]);
});

describe("links and pictures", () => {
  it.each(pages.sort())("of %s lead to files that exist", async (page) => {
    const missing: string[] = [];
    for (const to of targetsOf(await textOf(page))) {
      const file = join(ROOT, dirname(page), to.split("#")[0] ?? "");
      await access(file).catch(() => missing.push(to));
    }
    expect(missing).toEqual([]);
  });
});

it("a page has one name: its heading, in the side bar and in the list of all pages", async () => {
  const list = await textOf(OVERVIEW);
  for (const page of pages.filter((one) => one.startsWith("docs/") && one !== OVERVIEW)) {
    const text = await textOf(page);
    const [, heading = ""] = /^# (.*)$/m.exec(text) ?? [];
    expect([page, readPage(page, text).title]).toEqual([page, heading]);
    expect(list).toContain(`[${heading}](${page.slice("docs/".length)})`);
  }
});

it("all pages together are short enough to read", async () => {
  // Runs write the other two.
  const own = [...pages, "docs/index.md"].filter((page) => /^docs\/(?!support|reliability)/.test(page));
  const words = await Promise.all(own.map(async (page) => (await textOf(page)).trim().split(/\s+/).length));
  expect(words.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(35_000);
});

/** The models that examples name. Take out one that its provider shuts down, and the test says where it's named. */
const MODELS = ["claude-sonnet-5", "gpt-5.6-sol", "gpt-6.1-sol"];

it("pages name few models, and none that is shut down", async () => {
  const named = await Promise.all(
    pages.map(async (page) =>
      [...(await textOf(page)).matchAll(/\b(?:gpt-\d|o\d-|claude-(?=[a-z]+-\d)|gemini-\d)[\w.-]*\w/g)].map(
        ([model]) => [page, model] as const,
      ),
    ),
  );
  expect(named.flat().filter(([, model]) => !MODELS.includes(model))).toEqual([]);
});

it("Getting started needs six words before the first typed call", async () => {
  const [before = ""] = (await textOf("docs/guide/first-prompt.md")).split("## 5. Build");
  const words = [...before.matchAll(/\*\*(\w+)\*\*/g)].map(([, word]) => word?.toLowerCase());
  expect(words.sort()).toEqual(["import", "label", "prompt", "pull", "snapshot", "version"]);
});

it("every picture is shown on a page, and smaller than 200 KB", async () => {
  const shown = await Promise.all(
    pages.map(async (page) => targetsOf(await textOf(page)).map((to) => join(dirname(page), to))),
  );
  const pictures = await glob(["docs/pictures/*.{png,svg}"], { cwd: ROOT });
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((picture) => !shown.flat().includes(join(picture)))).toEqual([]);
  const sizes = await Promise.all(
    pictures.map(async (picture) => [picture, (await stat(join(ROOT, picture))).size] as const),
  );
  expect(sizes.filter(([, size]) => size >= 200_000)).toEqual([]);
});

it("every diagram is what its script draws", async () => {
  const folder = join(ROOT, "docs/pictures");
  const { DIAGRAMS } = await import(join(folder, "diagrams.js"));
  for (const [file, draw] of Object.entries<() => string>(DIAGRAMS)) {
    expect([file, await readFile(join(folder, file), "utf8")]).toEqual([file, draw()]);
  }
});

/** The pages that teach: the rest is for looking up, or about the project. */
const teaching = await Promise.all(
  pages.map(async (page) => {
    const [, matter] = /^---\n(.*?)^---\n/ms.exec(await textOf(page)) ?? [];
    return /^docs\/(?:guide|recipes)\//.test(page) || /^part: (?:recipes|frameworks)$/m.test(matter ?? "")
      ? [page]
      : [];
  }),
);

it("a page's part can also be read if git writes CRLF", () => {
  const page = readPage("docs/jest.md", "---\r\npart: recipes\r\norder: 3\r\n---\r\n\r\n# Jest\r\n");
  expect(page).toMatchObject({ part: "recipes", order: 3, title: "Jest" });
});

it.each(teaching.flat())("%s has an example before its first table, list or section", async (page) => {
  const text = (await textOf(page)).replace(/^---\n.*?^---\n/ms, "");
  const tokens = new MarkdownIt({ html: true }).parse(text, {}).map(({ type }) => type);
  const before = tokens.slice(tokens.indexOf("heading_close") + 1, tokens.indexOf("fence"));
  const others = ["inline", "paragraph_open", "paragraph_close", "html_block"];
  expect(before.filter((type) => !others.includes(type))).toEqual([]);
  expect(before.filter((type) => type === "paragraph_open").length).toBeLessThanOrEqual(2);
});
