import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { glob } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/run.ts";

const OVERVIEW = "docs/overview.md";
const pages = await glob(["docs/**/*.md", "*.md"], {
  cwd: ROOT,
  ignore: ["docs/api/**", "docs/.vitepress/**", "docs/index.md"],
});
const textOf = (page: string) => readFile(join(ROOT, page), "utf8");

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

it.each(pages.filter((page) => /^docs\/(?:guide|recipes)\//.test(page)))(
  "%s begins with its place, and with what its reader will have",
  async (page) => {
    expect(await textOf(page)).toMatch(
      /^---\ntitle: .+\norder: \d+\n---\n\n# .+\n\nAt the end of this page /,
    );
  },
);
