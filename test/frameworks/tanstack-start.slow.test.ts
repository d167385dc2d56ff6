import { testFramework } from "./framework.ts";

testFramework({
  fixture: "tanstack-start",
  title: "TanStack Start",
  package: "@tanstack/react-start",
  start: "npx --no-install node .output/server/index.mjs",
  typecheck: ["tsr generate", "tsc --noEmit"],
  call: "src/routes/index.tsx",
  route: "/topic",
  bringsNode: true,
});
