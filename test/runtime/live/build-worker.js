/** Bundles a Worker with esbuild, as Cloudflare's own tools do: node build-worker.js <root>. */
import { join } from "node:path";
import { build } from "esbuild";
import scope from "unplugin-scope/esbuild";

const root = process.argv[2];
await build({
  absWorkingDir: root,
  entryPoints: [join(root, "src", "worker.ts")],
  outfile: join(root, "worker.mjs"),
  bundle: true,
  format: "esm",
  platform: "browser",
  conditions: ["workerd", "worker"],
  logLevel: "warning",
  plugins: [scope()],
});
