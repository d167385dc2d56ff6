import { testFramework } from "./framework.ts";

testFramework({
  fixture: "nuxt4",
  title: "Nuxt",
  package: "nuxt",
  build: ["nuxt build"],
  start: "node .output/server/index.mjs",
  dev: "npx nuxt dev --port PORT --host 127.0.0.1",
  typecheck: ["nuxt typecheck"],
  call: "app/app.vue",
  route: "/api/topic",
  pluginFile: "nuxt.config.ts",
  isPrinted: true,
});
