import { join } from "node:path";
import { expect } from "vitest";
import { TsServer } from "../types/ts-server.ts";
import { type Framework, testFramework } from "./framework.ts";

/** What the starters over Vite have in common; each page is looked at in Chromium. */
const STARTER = {
  build: ["vite build"],
  start: "npx vite preview --port PORT --host 127.0.0.1",
  dev: "npx vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc -b"],
  page: "/",
  inBrowser: true,
  created: ["scope.config.ts"],
  pluginFile: "vite.config.ts",
} as const satisfies Partial<Framework>;

testFramework({
  ...STARTER,
  fixture: "vue",
  title: "Vue",
  package: "vue",
  count: "kept",
  typecheck: ["vue-tsc -b"],
  call: { file: "src/App.vue", text: "greeting({ name:" },
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

testFramework({
  ...STARTER,
  fixture: "solid",
  title: "Solid",
  package: "solid-js",
  count: "lost",
  call: { file: "src/App.tsx", text: "greeting({ name:" },
});

testFramework({
  ...STARTER,
  fixture: "preact",
  title: "Preact",
  package: "preact",
  count: "kept",
  call: { file: "src/app.tsx", text: "greeting({ name:" },
});

testFramework({
  ...STARTER,
  fixture: "lit",
  title: "Lit",
  package: "lit",
  count: "kept",
  typecheck: ["tsc"],
  call: { file: "src/my-element.ts", text: "greeting({ name:" },
  created: ["scope.config.ts", "vite.config.ts"],
});

testFramework({
  ...STARTER,
  fixture: "qwik",
  title: "Qwik",
  package: "@builder.io/qwik",
  build: ["vite build", "vite build --ssr src/entry.preview.tsx"],
  dev: "npx vite dev --mode ssr --port PORT --host 127.0.0.1",
  typecheck: ["tsc --incremental --noEmit"],
  call: { file: "src/routes/index.tsx", text: "greeting({ name:" },
  count: "lost",
  route: "/topic",
});

testFramework({
  ...STARTER,
  fixture: "solid-start",
  title: "SolidStart",
  package: "@solidjs/start",
  typecheck: ["tsc --noEmit"],
  call: { file: "src/routes/index.tsx", text: "greeting({ name:" },
  count: "lost",
  route: "/topic",
  bringsNode: true,
});
