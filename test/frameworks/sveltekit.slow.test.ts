import { testFramework } from "./framework.ts";

testFramework({
  fixture: "sveltekit",
  title: "SvelteKit",
  package: "@sveltejs/kit",
  build: ["vite build"],
  start: "npx vite preview --port PORT --host 127.0.0.1",
  dev: "npx vite dev --port PORT --host 127.0.0.1",
  typecheck: ["svelte-kit sync", "svelte-check --tsconfig ./tsconfig.json"],
  call: { file: "src/routes/+page.server.ts", text: "greeting({ name:" },
  page: "/",
  route: "/topic",
  created: ["scope.config.ts"],
  pluginFile: "vite.config.ts",
});
