/** A build as users run it: node record-build.js <esbuild|rollup> <root> <output file>. */
import { join } from "node:path";

const [bundler, root, file] = process.argv.slice(2);
process.chdir(root);
const { default: scope } = await import(`unplugin-scope/${bundler}`);
const entry = join(root, "main.js");

if (bundler === "esbuild") {
  const { build } = await import("esbuild");
  await build({ entryPoints: [entry], outfile: file, bundle: true, format: "esm", plugins: [scope()] });
} else {
  const { rollup } = await import("rollup");
  const bundle = await rollup({ input: entry, plugins: [scope()] });
  await bundle.write({ file, format: "esm" });
  await bundle.close();
}
