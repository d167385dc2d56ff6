/** Loads an application the way that is asked for, once: node scale-build.js <vite|esbuild|dev> <root>. */
import { join } from "node:path";

const [way, root] = process.argv.slice(2);
process.chdir(root);
const entry = join(root, "src", "main.ts");

const ways = {
  async vite() {
    const [{ build }, { default: scope }] = await Promise.all([
      import("vite"),
      import("unplugin-scope/vite"),
    ]);
    const output = { ssr: entry, outDir: join(root, "out"), minify: false };
    await build({ root, configFile: false, logLevel: "warn", plugins: [scope()], build: output });
  },
  async esbuild() {
    const [{ build }, { default: scope }] = await Promise.all([
      import("esbuild"),
      import("unplugin-scope/esbuild"),
    ]);
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(root, "out", "main.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "warning",
      plugins: [scope()],
    });
  },
  /** Until the server has run the application. */
  async dev() {
    const [{ createServer }, { default: scope }] = await Promise.all([
      import("vite"),
      import("unplugin-scope/vite"),
    ]);
    const server = await createServer({
      root,
      configFile: false,
      logLevel: "warn",
      appType: "custom",
      // Vite's watcher looks at each file of the project, whether it's imported or not: that cost isn't ours.
      server: { middlewareMode: true, ws: false, fs: { strict: false }, watch: null },
      plugins: [scope()],
    });
    const { default: count } = await server.ssrLoadModule("/src/main.ts");
    if (count === 0) throw new Error("Nothing was rendered.");
    await server.close();
  },
};

await ways[way]();
process.exit();
