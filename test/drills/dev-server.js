/** A dev server that writes snapshot and types, until it is killed or has loaded: node dev-server.js <root> [entry] [once]. */
import { join } from "node:path";
import scope from "unplugin-scope/vite";
import { createServer } from "vite";

const [root, entry = "src/prompts.ts", once] = process.argv.slice(2);
process.chdir(root);
const server = await createServer({
  root,
  configFile: false,
  logLevel: "silent",
  // Vite's watcher looks at each file of the project, whether it's imported or not: that cost isn't ours.
  server: { middlewareMode: true, ws: false, ...(once && { watch: null }) },
  plugins: [scope()],
});
await server.ssrLoadModule(join(root, entry));
console.log("loaded");
if (once) {
  await server.close();
  process.exit();
}
