import { type Framework, testFramework } from "./framework.ts";

const nuxt: Omit<Framework, "fixture" | "call"> = {
  title: "Nuxt",
  package: "nuxt",
  build: ["nuxt build"],
  start: "node .output/server/index.mjs",
  dev: "npx nuxt dev --port PORT --host 127.0.0.1",
  typecheck: ["nuxt typecheck"],
  page: "/",
  route: "/api/topic",
  created: ["scope.config.ts"],
  pluginFile: "nuxt.config.ts",
  isPrinted: true,
};

testFramework({
  ...nuxt,
  fixture: "nuxt4",
  call: { file: "app/app.vue", text: "greeting({ name:" },
});

testFramework({
  ...nuxt,
  fixture: "nuxt3",
  call: { file: "app.vue", text: "greeting({ name:" },
});
