import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { escapePath, globSync } from "tinyglobby";
import { parse } from "yaml";

/** The repository: the site's pages are those of `docs`, and a few from outside of it. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** The parts of the site, in their order; the key is what `part` in a page's front matter says. */
export const PARTS = {
  guide: "Guide",
  recipes: "Recipes",
  frameworks: "Frameworks",
  reference: "Reference",
  evidence: "Evidence",
  project: "Project",
} as const;
export type Part = keyof typeof PARTS;

/** Pages that lie where a reader of the repository looks for them. */
const PROJECT_PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "bench/README.md",
  "src/README.md",
];

/** A page of the side bar. */
export interface Page {
  /** Its file, from the root of the repository. */
  readonly file: string;
  /** Its address in the site. */
  readonly link: string;
  readonly part: Part;
  readonly title: string;
  /** Its place among the pages of its part; those without one follow, by title. */
  readonly order: number;
}

/** What the site leaves out, as patterns. */
export function leftOut(): string[] {
  const ignore = ["**/node_modules/**", "docs/**", ...PROJECT_PAGES];
  return globSync("**/*.md", { cwd: ROOT, ignore }).map(escapePath);
}

/** Every Markdown file of the site, the home page and the API reference with them. */
export function siteFiles(): Set<string> {
  return new Set([...globSync("docs/**/*.md", { cwd: ROOT }), ...PROJECT_PAGES]);
}

/** Where a file is in the site: `docs` itself is in no address. */
export function sitePath(file: string): string {
  return file.replace(/^docs\//, "");
}

/** The pages of the side bar, from the files that are there. Throws for a page that is in no part. */
export function readPages(): Page[] {
  const files = [...siteFiles()].filter((file) => file !== "docs/index.md" && !file.startsWith("docs/api/"));
  return files
    .map((file) => readPage(file, readFileSync(join(ROOT, file), "utf8")))
    .sort((a, b) => a.order - b.order || a.title.localeCompare(b.title, "en"));
}

/** One page, by its front matter, its folder and its first heading. */
export function readPage(file: string, text: string): Page {
  const [, matter = ""] = /^---\r?\n(.*?)^---\r?\n/ms.exec(text) ?? [];
  const { part, title, order } = { ...parse(matter) };
  return {
    file,
    link: `/${sitePath(file).replace(/\.md$/, "")}`,
    part: partOf(file, part),
    title: title ?? /^# (.*)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? basename(file, ".md"),
    order: order ?? 1000,
  };
}

function partOf(file: string, named: unknown): Part {
  const part = named ?? (PROJECT_PAGES.includes(file) ? "project" : basename(dirname(file)));
  if (Object.keys(PARTS).includes(String(part))) return part as Part;
  const choice = Object.keys(PARTS).join(", ");
  throw new Error(`${file} is in no part of the site: "part" in its front matter is one of ${choice}.`);
}
