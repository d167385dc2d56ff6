import { defineConfig } from "unplugin-scope";

/** The demo's prompts: `npx scope-gen list`, `check` and `ui` work in a clone. */
export default defineConfig({
  include: ["demo/app/src/**/*.ts"],
  snapshotDir: "demo/app/scope",
  dts: "demo/app/src/scope-types",
});
