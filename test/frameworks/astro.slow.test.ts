import { testFramework } from "./framework.ts";

testFramework({
  fixture: "astro7",
  title: "Astro",
  package: "astro",
  build: ["astro build"],
  start: "npx --no-install node dist/server/entry.mjs",
  dev: "npx --no-install astro dev --port PORT --host 127.0.0.1",
  typecheck: ["astro check"],
  call: "src/pages/index.astro",
  route: "/topic",
  pluginFile: "astro.config.mjs",
  isPrinted: true,
  bringsNode: true,
});
