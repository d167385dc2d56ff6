import { testFramework } from "./framework.ts";

testFramework({
  fixture: "react-router7",
  title: "React Router",
  package: "react-router",
  build: ["react-router build"],
  start: "npx --no-install react-router-serve build/server/index.js",
  dev: "npx --no-install react-router dev --port PORT --host 127.0.0.1",
  typecheck: ["react-router typegen", "tsc"],
  call: "app/routes/home.tsx",
  route: "/topic",
});
