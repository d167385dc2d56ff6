/**
 * A server that renders with Vite's dev server: node ssr-server.js <root> <way>. The way is "ssrLoadModule", "runner"
 * (the module runner of the ssr environment) or "edge" (that of an environment of its own). Says "ready <url>", and
 * ends with its standard input.
 */
import { createServer as createHttpServer } from "node:http";
import scope from "unplugin-scope/vite";
import { createRunnableDevEnvironment, createServer } from "vite";

const [root, way] = process.argv.slice(2);
process.chdir(root);
const vite = await createServer({
  root,
  configFile: false,
  appType: "custom",
  server: { middlewareMode: true, ws: false, fs: { strict: false } },
  environments: {
    edge: {
      consumer: "server",
      dev: { createEnvironment: (name, config) => createRunnableDevEnvironment(name, config) },
    },
  },
  plugins: [scope(JSON.parse(process.env.TEST_PLUGIN_OPTIONS))],
});
const load = {
  ssrLoadModule: () => vite.ssrLoadModule("/src/render.js"),
  runner: () => vite.environments.ssr.runner.import("/src/render.js"),
  edge: () => vite.environments.edge.runner.import("/src/render.js"),
}[way];
const server = createHttpServer(async (_request, response) => {
  try {
    const { render } = await load();
    response.end(`${process.pid} ${render()}`);
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error.message));
  }
});
server.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${server.address().port}/`));
process.stdin.on("end", async () => {
  server.close();
  await vite.close();
  process.exit();
});
process.stdin.resume();
