/** A dev server that writes snapshot and types, until it is killed: node dev-server.js <root>. */
import { join } from "node:path";
import scope from "unplugin-scope/vite";
import { createServer } from "vite";

const root = process.argv[2];
process.chdir(root);
const server = await createServer({
  root,
  configFile: false,
  logLevel: "silent",
  server: { middlewareMode: true, ws: false },
  plugins: [scope()],
});
await server.ssrLoadModule(join(root, "src/prompts.ts"));
console.log("loaded");
