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
      mermaid.initialize({ startOnLoad: false, theme: isDark.value ? "dark" : "default" });
      ({ svg: svg.value } = await mermaid.render(id, code));
    };
    onMounted(draw);
    watch(isDark, draw);
    return () =>
      svg.value === ""
        ? h("pre", { class: "mermaid" }, code)
        : h("div", { class: "mermaid", innerHTML: svg.value });
  },
});
