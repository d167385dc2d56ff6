import { existsSync, readFileSync } from "node:fs";
import { slug } from "github-slugger";
import { type DefaultTheme, defineConfig } from "vitepress";
import { writeLlms } from "./llms.ts";
import { extendMarkdown } from "./markdown.ts";
import { HEAD, leftOut, PARTS, type Part, ROOT, readPages, siteFiles, sitePath } from "./pages.ts";
import { SEARCH } from "./search.ts";

const LOGO = `data:image/svg+xml,${encodeURIComponent(readFileSync(`${import.meta.dirname}/theme/logo.svg`, "utf8"))}`;

const pages = readPages();

const groups: DefaultTheme.SidebarItem[] = (Object.keys(PARTS) as Part[]).map((part) => {
  const items = pages.filter((page) => page.part === part).map(({ title, link }) => ({ text: title, link }));
  return { text: PARTS[part], collapsed: part !== "guide", items };
});
// The API is last: its pages have names such as "default", and each page links to the ones next to it.
const sidebar = [...groups, ...apiGroup()];

/** Made by TypeDoc before this file is read. */
function apiGroup(): DefaultTheme.SidebarItem[] {
  const file = `${import.meta.dirname}/../api/typedoc-sidebar.json`;
  if (!existsSync(file)) return [];
  return [{ text: "API", link: "/api/", collapsed: true, items: JSON.parse(readFileSync(file, "utf8")) }];
}

/** The parts of the navigation bar; the side bar has all of them. */
const NAV = ["Guide", "Recipes", "Reference", "API"];

export default defineConfig({
  ...HEAD,
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
      .map(({ text, link, items }) => ({
        text: text!,
        link: link ?? items![0]!.link!,
        activeMatch: link ?? `^(${items!.map((item) => item.link).join("|")})$`,
      })),
    sidebar,
    outline: [2, 3],
    search: { provider: "local", options: SEARCH },
  },
  transformHead: ({ page }) => [["link", { rel: "alternate", type: "text/markdown", href: `/${page}` }]],
  buildEnd: ({ outDir }) => writeLlms(outDir, HEAD),
  vite: {
    // The index of the search is one chunk, which the first search loads.
    build: { chunkSizeWarningLimit: 2000 },
    server: { watch: { ignored: ["**/{demo,dist,fixtures,src,test}/**/*.!(md)"] } },
  },
});
