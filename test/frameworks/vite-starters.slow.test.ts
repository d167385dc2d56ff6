import { join } from "node:path";
import { expect } from "vitest";
import { TsServer } from "../types/ts-server.ts";
import { testFramework } from "./framework.ts";

/** What the starters over Vite have in common; each page is looked at in Chromium. */
const STARTER = { typecheck: ["tsc -b"], inBrowser: true };

testFramework({
  ...STARTER,
  fixture: "vue",
  title: "Vue",
  package: "vue",
  count: "kept",
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

const [kept, lost] = [
  { ...STARTER, count: "kept" },
  { ...STARTER, count: "lost" },
] as const;
testFramework({ ...lost, fixture: "solid", title: "Solid", package: "solid-js", call: "src/App.tsx" });
testFramework({ ...kept, fixture: "preact", title: "Preact", package: "preact", call: "src/app.tsx" });

testFramework({
  ...kept,
  fixture: "lit",
  title: "Lit",
  package: "lit",
  typecheck: ["tsc"],
  call: "src/my-element.ts",
  created: ["scope.config.ts", "vite.config.ts"],
});

/** With routes of their own. */
const routed = { ...lost, call: "src/routes/index.tsx", route: "/topic" };

testFramework({
  ...routed,
  fixture: "qwik",
  title: "Qwik",
  package: "@builder.io/qwik",
  build: ["vite build", "vite build --ssr src/entry.preview.tsx"],
  dev: "npx vite dev --mode ssr --port PORT --host 127.0.0.1",
  typecheck: ["tsc --incremental --noEmit"],
});

testFramework({
  ...routed,
  fixture: "solid-start",
  title: "SolidStart",
  package: "@solidjs/start",
  typecheck: ["tsc --noEmit"],
  bringsNode: true,
});
