import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { bundledPackages } from "./bundled-packages.ts";

/** The inspector's page: two files beside its HTML, under names that the server knows. */
export default defineConfig({
  root: resolve(import.meta.dirname, "../src/inspector/page"),
  base: "./",
  plugins: [
    svelte({ configFile: false, compilerOptions: { discloseVersion: false } }),
    bundledPackages({ continues: true }),
  ],
  build: {
    outDir: "../../../dist/inspector",
    emptyOutDir: true,
    target: "es2022",
    // The first ones with `light-dark()`.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    rollupOptions: {
      output: {
        codeSplitting: false,
        entryFileNames: "inspector.js",
        assetFileNames: "inspector[extname]",
      },
    },
  },
});
