import type { DefaultTheme } from "vitepress";

/** A section of a page, as VitePress hands it to the index. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly titles: readonly string[];
  readonly text: string;
}

/**
 * What the index is made of. `keywords` in a page's front matter finds the page by words that people type and the page doesn't use.
 * The browser gets the functions of this file as text: they can use nothing from outside of themselves.
 */
export const INDEX = {
  fields: ["title", "titles", "text", "keywords"],
  storeFields: ["title", "titles"],
  extractField: (section: Section, field: string) =>
    field === "keywords"
      ? (/^\s*Keywords: (.*)$/m.exec(section.text)?.[1] ?? "")
      : // As it is: the results list the titles of the page above a section, one by one.
        (section[field as keyof Section] as string),
};

/** A page for people before the API, a page before its sections, a title before a text. */
export const RANKING = {
  fuzzy: 0.15,
  prefix: true,
  boost: { title: 5, keywords: 8, text: 2, titles: 1 },
  boostDocument: (id: string) => {
    if (/^\/(?:api|src|bench|overview|CHANGELOG|CONTRIBUTING)\b/.test(id)) return 0.05;
    if (/(?<!^\/next\.html)#next$/.test(id)) return 0.1;
    return /^\/(?:guide|recipes)\//.test(id) ? 1.3 : 1;
  },
};

/** The local search of the site. */
export const SEARCH: DefaultTheme.LocalSearchOptions = {
  miniSearch: { options: INDEX, searchOptions: RANKING },
  _render(source, env, md) {
    // A heading in a quote is a sample's: it isn't a section of the page.
    const html = md
      .render(source, env)
      .replace(/<blockquote>.*?<\/blockquote>/gs, (quote) => quote.replace(/<(\/?)h\d[^>]*>/g, "<$1p>"));
    const { keywords } = env.frontmatter ?? {};
    return keywords === undefined ? html : html.replace("</h1>", `</h1>\n<p>Keywords: ${keywords}</p>\n`);
  },
};
