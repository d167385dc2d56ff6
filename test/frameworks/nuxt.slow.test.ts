import { type Framework, testFramework } from "./framework.ts";

const nuxt: Omit<Framework, "fixture" | "call"> = {
  title: "Nuxt",
  package: "nuxt",
  build: ["nuxt build"],
  start: "node .output/server/index.mjs",
  dev: "npx nuxt dev --port PORT --host 127.0.0.1",
  typecheck: ["nuxt typecheck"],
  route: "/api/topic",
  pluginFile: "nuxt.config.ts",
  isPrinted: true,
};

testFramework({ ...nuxt, fixture: "nuxt4", call: "app/app.vue" });
testFramework({ ...nuxt, fixture: "nuxt3", call: "app.vue" });
