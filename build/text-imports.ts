import { readFile } from "node:fs/promises";
import type { Plugin } from "rolldown";

/** Imports as text with `?raw`, which make a file as it is a part of the package's code. */
export const textImports: Plugin = {
  name: "text-imports",
  load: {
    filter: { id: /\?raw$/ },
    async handler(id) {
      const [file = ""] = id.split("?");
      this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(await readFile(file, "utf8"))};`, moduleType: "js" };
    },
  },
};
