import { testFramework } from "./framework.ts";

testFramework({
  fixture: "sveltekit",
  title: "SvelteKit",
  package: "@sveltejs/kit",
  typecheck: ["svelte-kit sync", "svelte-check --tsconfig ./tsconfig.json"],
  call: "src/routes/+page.server.ts",
  route: "/topic",
});
