import { testFramework } from "./framework.ts";

testFramework({
  bringsNode: true,
  fixture: "cloudflare",
  title: "Cloudflare's Vite plugin",
  package: "@cloudflare/vite-plugin",
  call: "src/index.ts",
  route: "/topic",
});
