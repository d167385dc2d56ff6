/** Two dev servers of one command that share a plugin, as some frameworks make them: node two-servers.js <root>. */
import scope from "unplugin-scope/vite";
import { createServer } from "vite";

const [root] = process.argv.slice(2);
process.chdir(root);
const plugin = scope({ clientBundle: "allow" });
const create = () =>
  createServer({
    root,
    configFile: false,
    server: { middlewareMode: true, ws: false, fs: { strict: false } },
    plugins: [plugin],
  });
const first = await create();
const second = await create();
const render = async (server) => (await server.ssrLoadModule("/src/render.js")).render();
console.log(await render(first), await render(second));
await first.close();
console.log("closed one");
const timer = setInterval(async () => console.log(await render(second)), 100);
process.stdin.on("end", async () => {
  clearInterval(timer);
  await second.close();
  process.exit();
});
process.stdin.resume();
