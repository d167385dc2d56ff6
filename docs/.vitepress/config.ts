import { existsSync, readFileSync } from "node:fs";
import { slug } from "github-slugger";
import { type DefaultTheme, defineConfig } from "vitepress";
import { writeLlms } from "./llms.ts";
import { extendMarkdown } from "./markdown.ts";
import { leftOut, PARTS, type Part, ROOT, readPages, siteFiles, sitePath } from "./pages.ts";
import { SEARCH } from "./search.ts";

const TITLE = "unplugin-scope";
const DESCRIPTION =
  "Build-time prompt compiler for the Scope Platform: import prompts as typed functions, and catch edits that break your calls";
const LOGO = `data:image/svg+xml,${encodeURIComponent(readFileSync(`${import.meta.dirname}/theme/logo.svg`, "utf8"))}`;

const pages = readPages();

const sidebar: DefaultTheme.SidebarItem[] = (Object.keys(PARTS) as Part[]).flatMap((part) => {
  const items = pages.filter((page) => page.part === part).map(({ title, link }) => ({ text: title, link }));
  const group = { text: PARTS[part], collapsed: part !== "guide", items };
  return part === "reference" ? [group, ...apiGroup()] : [group];
});

/** Made by TypeDoc before this file is read. */
function apiGroup(): DefaultTheme.SidebarItem[] {
  const file = `${import.meta.dirname}/../api/typedoc-sidebar.json`;
  if (!existsSync(file)) return [];
  return [{ text: "API", link: "/api/", collapsed: true, items: JSON.parse(readFileSync(file, "utf8")) }];
}

/** The parts of the navigation bar; the side bar has all of them. */
const NAV = ["Guide", "Recipes", "Reference", "API"];

export default defineConfig({
  title: TITLE,
  description: DESCRIPTION,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: LOGO }]],
  // Pages link to the README, to SECURITY.md and others, which lie outside of this folder.
  srcDir: ROOT,
  srcExclude: leftOut(),
  rewrites: sitePath,
  ignoreDeadLinks: false,
  markdown: {
    // The anchors that the links of the pages, and error messages, have in the repository too.
    anchor: { slugify: (text) => slug(text) },
    config: (md) => extendMarkdown(md, siteFiles()),
    // Of Shiki's, those whose comments have enough contrast.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    logo: { src: LOGO, alt: "" },
    nav: sidebar
      .filter(({ text }) => NAV.includes(text!))
      .map(({ text, link, items }) => ({ text: text!, link: link ?? items![0]!.link! })),
    sidebar,
    outline: [2, 3],
    search: { provider: "local", options: SEARCH },
  },
  transformHead: ({ page }) => [["link", { rel: "alternate", type: "text/markdown", href: `/${page}` }]],
  buildEnd: ({ outDir }) => writeLlms(outDir, TITLE, DESCRIPTION),
  vite: {
    // The index of the search is one chunk, which the first search loads.
    build: { chunkSizeWarningLimit: 2000 },
    server: { watch: { ignored: ["**/{demo,dist,fixtures,src,test}/**/*.!(md)"] } },
  },
});
