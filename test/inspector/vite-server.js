/** Vite's dev server as its command line starts it: node vite-server.js <root>. Ends with its standard input. */
import { createServer } from "vite";

const [root] = process.argv.slice(2);
const { default: scope } = await import("unplugin-scope/vite");
process.chdir(root);
const server = await createServer({
  root,
  configFile: false,
  clearScreen: false,
  server: { host: "127.0.0.1", port: 0 },
  plugins: [scope()],
});
await server.listen();
server.printUrls();
process.stdin.on("end", async () => {
  await server.close();
  process.exit();
});
process.stdin.resume();
