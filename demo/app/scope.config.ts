import { defineConfig } from "unplugin-scope";

export default defineConfig({
  // Imports found in the code need no entry here. These two are pinned or narrowed.
  prompts: {
    "greeting-template": {},
    draft: { prompt: "greeting-template", label: "latest", variables: { tone: ["dry", "cheerful"] } },
  },
});
