import { existsSync } from "node:fs";
import { join, posix, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { ROOT, sitePath } from "./pages.ts";

/** What this project's pages need of the renderer, once for all of them. */
export function extendMarkdown(md: MarkdownRenderer, pages: ReadonlySet<string>): void {
  keepBraces(md);
  keepFlags(md);
  dropComments(md);
  labelCells(md);
  followRepositoryLinks(md, pages);
}

/** Vue would read `{{name}}` in a sentence as code of its own. In blocks of code VitePress itself sees to that. */
function keepBraces(md: MarkdownRenderer): void {
  for (const rule of ["text", "code_inline"]) {
    const render = md.renderer.rules[rule]!;
    md.renderer.rules[rule] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");
  }
}

/** A flag in a sentence isn't broken at its hyphens. */
function keepFlags(md: MarkdownRenderer): void {
  const render = md.renderer.rules.code_inline!;
  md.renderer.rules.code_inline = (...args) =>
    render(...args).replace(/(?<![\w-])--?[a-z][\w-]*/g, '<span class="whole">$&</span>');
}

/** A comment is for people who edit the page, or for its tests. Search would show it. */
function dropComments(md: MarkdownRenderer): void {
  const block = md.renderer.rules.html_block!;
  md.renderer.rules.html_block = (...args) => block(...args).replace(/<!--.*?-->/gs, "");
}

/** What the parts of a table are to a screen reader, which `theme/tables.css` would hide from it on a phone. */
const ROLES: Readonly<Record<string, string>> = {
  table_open: "table",
  thead_open: "rowgroup",
  tbody_open: "rowgroup",
  tr_open: "row",
  th_open: "columnheader",
  td_open: "cell",
};

/** On a phone, each cell says which column it is in: see `theme/tables.css`. */
function labelCells(md: MarkdownRenderer): void {
  md.core.ruler.push("label-cells", ({ tokens }) => {
    let columns: string[] = [];
    let column = 0;
    tokens.forEach((token, index) => {
      // A header with nothing to say is a cell: a corner of the table.
      const isCorner = token.type === "th_open" && tokens[index + 1]?.content === "";
      if (isCorner) for (const one of [token, tokens[index + 2]!]) one.tag = "td";
      const role = isCorner ? "cell" : ROLES[token.type];
      if (role === undefined) return;
      token.attrSet("role", role);
      if (token.type === "table_open") columns = [];
      if (token.type === "tr_open") column = 0;
      const text = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
      if (token.type === "th_open") columns.push(text);
      // Of two columns, the first one is the name of the second.
      if (token.type === "td_open" && columns.length > 2)
        token.attrSet("data-column", columns[column++] ?? "");
    });
  });
}

/**
 * Where a link of a page leads in the site: links are written as the repository and the installed package have their files.
 * Undefined for another file of the repository, which has no public address.
 *
 * @param file the page, from the root of the repository
 * @param href a relative link
 */
export function resolveLink(file: string, href: string, pages: ReadonlySet<string>): string | undefined {
  const [place = "", hash] = href.split("#");
  const target = posix.join(posix.dirname(file), decodeURI(place));
  const anchor = hash === undefined ? "" : `#${hash}`;
  if (pages.has(target)) return `/${encodeURI(sitePath(target))}${anchor}`;
  if (existsSync(join(ROOT, target))) return undefined;
  // VitePress only looks at links to pages.
  if (!target.endsWith(".md")) throw new Error(`${file} links to ${target}, which is not there.`);
  return href;
}

/** A link that starts in the page's folder. */
export const isRelative = (href: string): boolean => !/^(?:[a-z]+:|\/|#)/i.test(href);

/** A link to a page gets the page's address in the site; one to another file of the repository stays as its text. */
function followRepositoryLinks(md: MarkdownRenderer, pages: ReadonlySet<string>): void {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    const path = env.realPath ?? env.path;
    // A title of front matter is rendered for itself, of no page.
    if (path === undefined) return;
    const file = relative(ROOT, path).replaceAll("\\", "/");
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href !== null && isRelative(href)) token.attrSet("href", resolveLink(file, href, pages) ?? "");
    }
  });
  const { link_open } = md.renderer.rules;
  // A link without a target is what HTML calls a placeholder: text that nobody can follow, and that doesn't look like a link.
  md.renderer.rules.link_open = (tokens, index, ...rest) =>
    tokens[index]!.attrGet("href") === "" ? '<a class="text">' : link_open!(tokens, index, ...rest);
}
