import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRelative, resolveLink } from "./markdown.ts";
import { PARTS, type Page, type Part, ROOT, readPages, siteFiles, sitePath } from "./pages.ts";

/** Blocks of code, which are kept as they are. */
const FENCE = /(^ *```.*?^ *```$)/ms;

/** What is written around the pages. */
export interface LlmsHead {
  readonly title: string;
  readonly description: string;
}

/**
 * A page as Markdown for a program that reads it: without front matter and comments.
 *
 * @param linkOf where a relative link leads to; undefined leaves its words alone
 */
export function markdownOf(text: string, linkOf: (href: string) => string | undefined): string {
  const body = text.replaceAll("\r\n", "\n").replace(/^---\n.*?^---\n/ms, "");
  const parts = body.split(FENCE).map((part, index) => {
    if (index % 2 === 1) return part.replaceAll(" [!code error]", "");
    return part
      .replace(/<!--.*?-->/gs, "")
      .replace(/^ *<\/?(?:main|div|section|p|a|picture|source|img)\b.*>$/gm, "")
      .replace(/<br>/g, "")
      .replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image: string, words: string, href: string) => {
        if (!isRelative(href)) return whole;
        const link = image === "" ? linkOf(href) : undefined;
        return link === undefined ? words : `[${words}](${link})`;
      });
  });
  return `${parts
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

/** What a page is about: its first sentence. */
export function firstSentence(markdown: string): string {
  const paragraphs = markdown
    .split(FENCE)
    .filter((_, index) => index % 2 === 0)
    .join("\n\n")
    .split(/\n{2,}/);
  const first = paragraphs.find((text) => /^[A-Z`[]/.test(text.trim())) ?? "";
  return (/^.*?[.:?](?=\s|$)/s.exec(first.trim())?.[0] ?? "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .replace(/:$/, ".");
}

/**
 * Writes `llms.txt`, `llms-full.txt` and each page as Markdown next to its HTML, into a built site.
 *
 * @see https://llmstxt.org
 */
export async function writeLlms(outDir: string, head: LlmsHead): Promise<void> {
  const files = siteFiles();
  const markdown = new Map<string, string>();
  for (const file of files) {
    const source = await readFile(join(ROOT, file), "utf8");
    const text = markdownOf(source, (href) => resolveLink(file, href, files));
    markdown.set(file, text);
    const path = join(outDir, sitePath(file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const api = "\n## API\n\n- [API reference](/api/index.md): Every public entry, function and type.\n";
  const texts = llmsTexts(head, readPages(), markdown, ({ link }) => `${link}.md`, api);
  for (const [name, text] of Object.entries(texts)) await writeFile(join(outDir, name), text);
}

/**
 * The texts of both files, by name.
 *
 * @param markdown by file
 * @param addressOf where a page is
 * @param end of `llms.txt`
 */
export function llmsTexts(
  { title, description }: LlmsHead,
  pages: readonly Page[],
  markdown: ReadonlyMap<string, string>,
  addressOf: (page: Page) => string,
  end = "",
): Readonly<Record<string, string>> {
  const parts = (Object.keys(PARTS) as Part[])
    .map((part) => pages.filter((page) => page.part === part))
    .filter((of) => of.length > 0);
  const lists = parts.map((of) => {
    const lines = of.map((page) => {
      const about = firstSentence(markdown.get(page.file) ?? "");
      return `- [${page.title}](${addressOf(page)})${about === "" ? "" : `: ${about}`}`;
    });
    return `## ${PARTS[of[0]!.part]}\n\n${lines.join("\n")}\n`;
  });
  const head = `# ${title}\n\n> ${description}\n`;
  const whole = parts.flat().filter(({ part }) => part !== "project");
  return {
    "llms.txt": [head, ...lists].join("\n") + end,
    "llms-full.txt": [head, ...whole.map((page) => markdown.get(page.file) ?? "")].join("\n\n"),
  };
}
