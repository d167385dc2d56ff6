import { join } from "node:path";
import { expect } from "vitest";
import { TsServer } from "../types/ts-server.ts";
import { testFramework } from "./framework.ts";

testFramework({
  fixture: "vue",
  title: "Vue",
  package: "vue",
  inBrowser: true,
  count: true,
  typecheck: ["vue-tsc -b"],
  call: "src/App.vue",
  also: {
    "auto-import in .vue": async (app) => {
      const text = '<script setup lang="ts">\ngreetingT\n</script>\n';
      const file = join(app.root, "src/App.vue");
      const args = ["--globalPlugins", "@vue/typescript-plugin", "--pluginProbeLocations", app.root];
      const server = new TsServer(join(app.root, "node_modules/typescript"), args);
      try {
        await server.open(file, text);
        const offered = await server.imports(file, { line: 2, offset: 10 });
        expect(offered).toContain("greetingTemplate scope:greeting-template");
      } finally {
        server.close();
      }
    },
  },
});
