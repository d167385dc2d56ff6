import { testFramework } from "./framework.ts";
import { expectBuilt } from "./starter.ts";

testFramework({
  fixture: "waku",
  title: "Waku",
  package: "waku",
  build: ["waku build"],
  start: "npx waku start --port PORT",
  dev: "npx waku dev --port PORT",
  call: "src/pages/index.tsx",
  route: "/topic",
  bringsNode: true,
  // `init` doesn't know its config file.
  pluginFile: null,
  also: { doctor: expectBuilt },
});
