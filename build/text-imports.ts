import { readFile } from "node:fs/promises";
import { type Plugin, rolldown } from "rolldown";

/**
 * Imports as text, which make what is imported a part of the package's code: `?raw` a file as it is, and `?bundle` a
 * TypeScript module with all that it imports, as one plain JavaScript module that is read by people too.
 */
export const textImports: Plugin = {
  name: "text-imports",
  load: {
    filter: { id: /\?(?:raw|bundle)$/ },
    async handler(id) {
      const [file = "", query] = id.split("?");
      this.addWatchFile(file);
      const text =
        query === "raw" ? await readFile(file, "utf8") : await bundled(file, (one) => this.addWatchFile(one));
      return { code: `export default ${JSON.stringify(text)};`, moduleType: "js" };
    },
  },
};

async function bundled(input: string, watch: (file: string) => void): Promise<string> {
  const bundle = await rolldown({
    input,
    platform: "neutral",
    optimization: { inlineConst: false },
    // No comments that name our files.
    experimental: { attachDebugInfo: "none" },
  });
  const { output } = await bundle.generate({ minify: false });
  for (const file of await bundle.watchFiles) watch(file);
  await bundle.close();
  // With the indentation and the comments of what is written by hand.
  return output[0].code.replace(
    /^(\t*)(\*?)/gm,
    (_, tabs, star) => "  ".repeat(tabs.length) + (star && " *"),
  );
}
