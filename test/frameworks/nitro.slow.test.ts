import { type Framework, testFramework } from "./framework.ts";

const nitro: Omit<Framework, "fixture" | "title" | "package" | "call" | "typecheck"> = {
  build: ["nitro build"],
  start: "node .output/server/index.mjs",
  dev: "npx --no-install nitro dev --port PORT --host 127.0.0.1",
  page: "/",
  route: "/topic",
  created: ["scope.config.ts"],
  pluginFile: "nitro.config.ts",
  isPrinted: true,
};

testFramework({
  ...nitro,
  fixture: "nitro2",
  title: "Nitro (h3)",
  package: "nitropack",
  typecheck: ["nitro prepare", "tsc --noEmit"],
  call: { file: "routes/index.ts", text: "greeting({ name:" },
});

testFramework({
  ...nitro,
  fixture: "nitro3",
  title: "Nitro (h3)",
  package: "nitro",
  typecheck: ["tsc --noEmit"],
  call: { file: "server/routes/index.ts", text: "greeting({ name:" },
});

testFramework({
  ...nitro,
  fixture: "hono",
  title: "Hono (on Nitro)",
  package: "hono",
  build: ["vite build"],
  dev: "npx --no-install vite dev --port PORT --host 127.0.0.1",
  typecheck: ["tsc --noEmit"],
  call: { file: "server.ts", text: "greeting({ name:" },
  pluginFile: "vite.config.ts",
  isPrinted: false,
});
