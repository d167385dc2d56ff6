/** Vite's dev server with a page and a server's rendering: node soak-dev-server.js <root>. Says "ready <url> <ssr url>". */
import { createServer as createHttpServer } from "node:http";
import scope from "unplugin-scope/vite";
import { createServer } from "vite";

const [root] = process.argv.slice(2);
process.chdir(root);
const vite = await createServer({
  root,
  configFile: false,
  appType: "custom",
  server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
  plugins: [scope()],
});
await vite.listen();
const rendering = createHttpServer(async (_request, response) => {
  try {
    response.end((await vite.ssrLoadModule("/src/shown.js")).shown());
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error.stack));
  }
});
// An idle connection that the server ends just when the client takes it again isn't our fault.
for (const server of [vite.httpServer, rendering]) server.keepAliveTimeout = 0;
rendering.listen(0, "127.0.0.1", () =>
  console.log(`ready ${vite.resolvedUrls.local[0]} http://127.0.0.1:${rendering.address().port}/`),
);
