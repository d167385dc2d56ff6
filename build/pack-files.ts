/**
 * Writes what the package has beside its own files, when it's packed: `llms.txt` and `llms-full.txt`, as in the site with links to
 * the files of the package, and `sbom.cdx.json`, as the build left it. Tests pack in several processes.
 */
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { llmsTexts, markdownOf } from "../docs/.vitepress/llms.ts";
import { HEAD, ROOT, readPages } from "../docs/.vitepress/pages.ts";
import { writeFileAtomic } from "../src/files/write-file.ts";
import { BUNDLED } from "./bundled-packages.ts";

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
const texts = {
  ...llmsTexts(HEAD, pages, markdown, ({ file }) => file),
  "sbom.cdx.json": await readFile(BUNDLED, "utf8"),
};
for (const [name, text] of Object.entries(texts)) await writeFileAtomic(join(ROOT, name), text);
