import { testFramework } from "./framework.ts";

testFramework({
  fixture: "storybook",
  title: "Storybook (Vite)",
  package: "storybook",
  build: ["storybook build --disable-telemetry"],
  // A static folder: any server will do, and Vite's is there.
  start: "npx --no-install vite preview --outDir storybook-static --port PORT --host 127.0.0.1",
  dev: "npx --no-install storybook dev --ci --exact-port --port PORT --host 127.0.0.1",
  call: "src/Greeting.tsx",
  page: "/iframe.html?id=greeting--ada&viewMode=story",
  inBrowser: true,
});
