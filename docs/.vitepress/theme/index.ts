import { type Theme, useData, useRoute, withBase } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { defineComponent, h, nextTick, onMounted, watch } from "vue";
import "./style.css";
import "./tables.css";
import "./home.css";

/** What the default theme has for sight alone, or says twice, is hidden from screen readers. */
function hideFromReaders(): void {
  for (const caret of document.querySelectorAll('.VPSidebarItem .item[role="button"] > .caret')) {
    for (const name of ["role", "tabindex", "aria-label"]) caret.removeAttribute(name);
    caret.setAttribute("aria-hidden", "true");
  }
  // The key is drawn by style.css: as text it would be a word of the button that its label doesn't have.
  for (const key of document.querySelectorAll(".DocSearch-Button-Key")) key.textContent = "";
}

const Layout = defineComponent(() => {
  const { page } = useData();
  const route = useRoute();
  const hide = () => nextTick(hideFromReaders);
  onMounted(hide);
  watch(() => route.path, hide);
  return () =>
    h(DefaultTheme.Layout, null, {
      "doc-footer-before": () =>
        h(
          "a",
          { class: "as-markdown", href: withBase(`/${page.value.relativePath}`), target: "_self" },
          "This page as Markdown",
        ),
      "not-found": () =>
        h("main", { class: "home vp-doc" }, [
          h("h1", "There's no such page"),
          h("p", [h("a", { href: withBase("/overview") }, "All pages"), ", or search for what you need."]),
        ]),
    });
});

/** VitePress's theme with this project's colours, type and home page. */
export default { extends: DefaultTheme, Layout } satisfies Theme;
