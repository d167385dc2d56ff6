/**
 * A server that renders with Vite's dev server: node ssr-server.js <root> <way>. The way is "ssrLoadModule", "runner"
 * (the module runner of the ssr environment) or "edge" (a separate environment's). A vite.config.js of the app
 * gives the plugin. Says "ready <url>", and ends with its standard input; restarts when /restart is asked for. With
 * TEST_LISTENS, Vite listens too.
 */

import { existsSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import scope from "unplugin-scope/vite";
import { createRunnableDevEnvironment, createServer } from "vite";
import { pluginOptions } from "../../support/plugin-options.js";

const [root, way] = process.argv.slice(2);
process.chdir(root);
const hasConfig = existsSync(join(root, "vite.config.js"));
const listens = process.env.TEST_LISTENS !== undefined;
const vite = await createServer({
  root,
  configFile: hasConfig && join(root, "vite.config.js"),
  appType: "custom",
  server: listens
    ? { host: "127.0.0.1", port: 0, fs: { strict: false } }
    : { middlewareMode: true, ws: false, fs: { strict: false } },
  environments: {
    edge: {
      consumer: "server",
      dev: { createEnvironment: (name, config) => createRunnableDevEnvironment(name, config) },
    },
  },
  plugins: hasConfig ? [] : [scope(pluginOptions(root))],
});
if (listens) await vite.listen();
const load = {
  ssrLoadModule: () => vite.ssrLoadModule("/src/render.js"),
  runner: () => vite.environments.ssr.runner.import("/src/render.js"),
  edge: () => vite.environments.edge.runner.import("/src/render.js"),
}[way];
const server = createHttpServer(async (request, response) => {
  try {
    if (request.url === "/restart") await vite.restart();
    const { render } = await load();
    response.end(`${process.pid} ${render()}`);
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error.message));
  }
});
// An idle connection that the server ends just when the client takes it again isn't our fault.
server.keepAliveTimeout = 0;
if (listens) vite.httpServer.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${server.address().port}/`));
process.stdin.on("end", async () => {
  server.close();
  await vite.close();
  process.exit();
});
process.stdin.resume();
