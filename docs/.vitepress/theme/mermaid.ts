import { useData } from "vitepress";
import { defineComponent, h, onMounted, ref, useId, watch } from "vue";

/** A diagram in the colours of the page. Until it is drawn, and where nothing draws it, its text is there to read. */
export default defineComponent({
  props: { code: { type: String, required: true } },
  setup({ code }) {
    const { isDark } = useData();
    const id = `mermaid-${useId()}`;
    const svg = ref("");
    const draw = async () => {
      const { default: mermaid } = await import("mermaid");
      const theme = isDark.value ? "dark" : "default";
      // Labels that are HTML get the page's line height, for which they have no room.
      mermaid.initialize({ startOnLoad: false, theme, htmlLabels: false });
      ({ svg: svg.value } = await mermaid.render(id, code));
    };
    onMounted(draw);
    watch(isDark, draw);
    return () =>
      svg.value === ""
        ? h("pre", { class: "mermaid", style: "overflow: auto" }, code)
        : h("div", { class: "mermaid", innerHTML: svg.value });
  },
});
