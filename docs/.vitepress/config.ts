import { existsSync, readFileSync } from "node:fs";
import { slug } from "github-slugger";
import { type DefaultTheme, defineConfig } from "vitepress";
import { extendMarkdown } from "./markdown.ts";
import { leftOut, PARTS, type Part, ROOT, readPages, siteFiles, sitePath } from "./pages.ts";

const pages = readPages();

const sidebar: DefaultTheme.SidebarItem[] = (Object.keys(PARTS) as Part[])
  .map((part) => ({
    text: PARTS[part],
    collapsed: part !== "guide",
    items: pages.filter((page) => page.part === part).map(({ title, link }) => ({ text: title, link })),
  }))
  .filter(({ items }) => items.length > 0);

// Made by TypeDoc before this file is read.
const API = `${import.meta.dirname}/../api/typedoc-sidebar.json`;
if (existsSync(API)) {
  sidebar.push({ text: "API", link: "/api/", collapsed: true, items: JSON.parse(readFileSync(API, "utf8")) });
}

export default defineConfig({
  title: "unplugin-scope",
  description: "Build-time prompt compiler for the Scope Platform",
  // There's no icon, so nothing requests one.
  head: [["link", { rel: "icon", href: "data:," }]],
  // Pages link to the README, to SECURITY.md and others, which lie outside of this folder.
  srcDir: ROOT,
  srcExclude: leftOut(),
  rewrites: sitePath,
  ignoreDeadLinks: false,
  markdown: {
    // The anchors that the links of the pages, and error messages, have in the repository too.
    anchor: { slugify: (text) => slug(text) },
    config: (md) => extendMarkdown(md, siteFiles()),
  },
  themeConfig: {
    nav: sidebar.map(({ text, link, items }) => ({ text: text!, link: link ?? items![0]!.link! })),
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
  },
  vite: {
    // Mermaid is one chunk, and only the page with diagrams loads it.
    build: { chunkSizeWarningLimit: 2000 },
    optimizeDeps: { include: ["mermaid"] },
    server: { watch: { ignored: ["**/{demo,dist,fixtures,src,test}/**/*.!(md)"] } },
  },
});
