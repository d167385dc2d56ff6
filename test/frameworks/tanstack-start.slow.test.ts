import { testFramework } from "./framework.ts";

testFramework({
  fixture: "tanstack-start",
  title: "TanStack Start",
  package: "@tanstack/react-start",
  build: ["vite build"],
  start: "npx --no-install node .output/server/index.mjs",
  dev: "npx --no-install vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsr generate", "tsc --noEmit"],
  call: { file: "src/routes/index.tsx", text: "greeting({ name:" },
  page: "/",
  route: "/topic",
  created: ["scope.config.ts"],
  pluginFile: "vite.config.ts",
  bringsNode: true,
});
