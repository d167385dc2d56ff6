// Writes llms.txt and llms-full.txt for the package: as in the site, with links to the files of the package.
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { markdownOf, writeTexts } from "./llms.ts";
import { HEAD, ROOT, readPages } from "./pages.ts";

/** What npm adds to a package, and what package.json names. */
const isPackaged = (file: string) => /^(?:docs\/.*|README|CHANGELOG|SECURITY)(?:\.md)?$/.test(file);

const pages = readPages().filter(({ file }) => isPackaged(file));
const files = new Set(pages.map(({ file }) => file));
const markdown = new Map<string, string>();
for (const file of files) {
  const linkOf = (href: string) => {
    const [place = "", hash] = href.split("#");
    const target = posix.join(posix.dirname(file), decodeURI(place));
    return files.has(target) ? target + (hash === undefined ? "" : `#${hash}`) : undefined;
  };
  markdown.set(file, markdownOf(await readFile(join(ROOT, file), "utf8"), linkOf));
}
await writeTexts(ROOT, HEAD, pages, markdown, ({ file }) => file);
