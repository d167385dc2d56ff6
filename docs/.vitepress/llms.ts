import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRelative, resolveLink } from "./markdown.ts";
import { PARTS, type Part, ROOT, readPages, siteFiles, sitePath } from "./pages.ts";

/** Blocks of code, which are kept as they are. */
const FENCE = /(^ *```.*?^ *```$)/ms;

/** A page as Markdown for a program that reads the site: without front matter and comments, its links as in the site. */
export function markdownOf(file: string, text: string, pages: ReadonlySet<string>): string {
  const body = text.replaceAll("\r\n", "\n").replace(/^---\n.*?^---\n/ms, "");
  const parts = body.split(FENCE).map((part, index) => {
    if (index % 2 === 1) return part.replaceAll(" [!code error]", "");
    return part
      .replace(/<!--.*?-->/gs, "")
      .replace(/^ *<\/?(?:main|div|section|p|a|picture|source|img)\b.*>$/gm, "")
      .replace(/<br>/g, "")
      .replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image: string, words: string, href: string) => {
        if (!isRelative(href)) return whole;
        const link = image === "" ? resolveLink(file, href, pages) : undefined;
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
export async function writeLlms(outDir: string, title: string, description: string): Promise<void> {
  const files = siteFiles();
  const markdown = new Map<string, string>();
  for (const file of files) {
    const text = markdownOf(file, await readFile(join(ROOT, file), "utf8"), files);
    markdown.set(file, text);
    const path = join(outDir, sitePath(file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const pages = readPages();
  const parts = (Object.keys(PARTS) as Part[]).map((part) => pages.filter((page) => page.part === part));
  const lists = parts.map((of) => {
    const lines = of.map((page) => {
      const about = firstSentence(markdown.get(page.file) ?? "");
      return `- [${page.title}](${page.link}.md)${about === "" ? "" : `: ${about}`}`;
    });
    return `## ${PARTS[of[0]!.part]}\n\n${lines.join("\n")}\n`;
  });
  const head = `# ${title}\n\n> ${description}\n`;
  const api = "## API\n\n- [API reference](/api/index.md): Every public entry, function and type.\n";
  await writeFile(join(outDir, "llms.txt"), [head, ...lists, api].join("\n"));
  const whole = parts.flat().filter(({ part }) => part !== "project");
  await writeFile(
    join(outDir, "llms-full.txt"),
    [head, ...whole.map((page) => markdown.get(page.file) ?? "")].join("\n\n"),
  );
}
