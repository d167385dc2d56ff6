import { existsSync } from "node:fs";
import { join, posix, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { ROOT, sitePath } from "./pages.ts";

/** What this project's pages need of the renderer, once for all of them. */
export function extendMarkdown(md: MarkdownRenderer, pages: ReadonlySet<string>): void {
  keepBraces(md);
  drawMermaid(md);
  dropComments(md);
  followRepositoryLinks(md, pages);
}

/** Vue would read `{{name}}` in a sentence as code of its own. In blocks of code VitePress itself sees to that. */
function keepBraces(md: MarkdownRenderer): void {
  for (const rule of ["text", "code_inline"]) {
    const render = md.renderer.rules[rule]!;
    md.renderer.rules[rule] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");
  }
}

/** A `mermaid` block becomes a diagram: see `theme/mermaid.ts`. */
function drawMermaid(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index]!;
    if (info.trim() !== "mermaid") return fence(tokens, index, ...rest);
    return `<Mermaid code="${md.utils.escapeHtml(content)}" />`;
  };
}

/** A comment is for people who edit the page, or for its tests. Search would show it. */
function dropComments(md: MarkdownRenderer): void {
  const block = md.renderer.rules.html_block!;
  md.renderer.rules.html_block = (...args) => block(...args).replace(/<!--.*?-->/gs, "");
}

/**
 * Links are written as the repository and the installed package have their files. One that leads to a page gets the
 * page's address in the site. One that leads to another file of the repository stays as its text: it has no public address.
 */
function followRepositoryLinks(md: MarkdownRenderer, pages: ReadonlySet<string>): void {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    const path = env.realPath ?? env.path;
    // A title of front matter is rendered for itself, of no page.
    if (path === undefined) return;
    const file = relative(ROOT, path).replaceAll("\\", "/");
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null || /^(?:[a-z]+:|\/|#)/i.test(href)) continue;
      const [place = "", hash] = href.split("#");
      const target = posix.join(posix.dirname(file), decodeURI(place));
      const anchor = hash === undefined ? "" : `#${hash}`;
      if (pages.has(target)) token.attrSet("href", `/${encodeURI(sitePath(target))}${anchor}`);
      else if (existsSync(join(ROOT, target))) token.attrSet("href", "");
      // VitePress doesn't look at anything that isn't a page.
      else if (!target.endsWith(".md")) throw new Error(`${file} links to ${target}, which is not there.`);
    }
  });
  const { link_open } = md.renderer.rules;
  // A link without a target is what HTML calls a placeholder: text that nobody can follow.
  md.renderer.rules.link_open = (tokens, index, ...rest) =>
    tokens[index]!.attrGet("href") === "" ? "<a>" : link_open!(tokens, index, ...rest);
}
