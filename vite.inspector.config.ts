import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The inspector's page: two files beside its HTML, under names that the server knows. */
export default defineConfig({
  root: "src/inspector/page",
  base: "./",
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: "../../../dist/inspector",
    emptyOutDir: true,
    target: "es2022",
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
