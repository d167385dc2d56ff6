import { type Framework, testFramework } from "./framework.ts";

const ASTRO: Omit<Framework, "fixture"> = {
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
};

testFramework({ ...ASTRO, fixture: "astro5", start: "node dist/server/entry.mjs" });
testFramework({ ...ASTRO, fixture: "astro6", bringsNode: true });
testFramework({ ...ASTRO, fixture: "astro7", bringsNode: true });
