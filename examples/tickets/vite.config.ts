import scope from "unplugin-scope/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [scope()],
  build: { ssr: "src/main.ts" },
});
