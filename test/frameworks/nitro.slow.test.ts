import { type Framework, testFramework } from "./framework.ts";

const nitro = {
  build: ["nitro build"],
  start: "node .output/server/index.mjs",
  dev: "npx --no-install nitro dev --port PORT --host 127.0.0.1",
  route: "/topic",
  pluginFile: "nitro.config.ts",
  isPrinted: true,
} as const satisfies Partial<Framework>;

testFramework({
  ...nitro,
  fixture: "nitro2",
  title: "Nitro (h3)",
  package: "nitropack",
  typecheck: ["nitro prepare", "tsc --noEmit"],
  call: "routes/index.ts",
});

const call = "server/routes/index.ts";
testFramework({ ...nitro, fixture: "nitro3", title: "Nitro (h3)", package: "nitro", call });

testFramework({
  fixture: "hono",
  title: "Hono (on Nitro)",
  package: "hono",
  start: nitro.start,
  call: "server.ts",
  route: "/topic",
});
