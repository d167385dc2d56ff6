// A build with Rollup that waits at a place until its parent lets it go on: `pausing-build.js <root> [write|read|end]`.
// write: a module of a prompt is about to take its place; read: it is there and Rollup has not read it; end: all is read.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [root, place] = process.argv.slice(2);
process.chdir(root);
let hasPaused = false;

async function pauseAt(here) {
  if (here !== place || hasPaused) return;
  hasPaused = true;
  await new Promise((goOn) => {
    process.once("message", goOn);
    process.send("paused");
  });
}

const rename = fs.promises.rename;
fs.promises.rename = async (from, to) => {
  if (/[\\/]\.scope[\\/]build-[^\\/]+[\\/]hi@/.test(to)) await pauseAt("write");
  return rename(from, to);
};
syncBuiltinESMExports();

const { default: scope } = await import("unplugin-scope/rollup");
const { rollup } = await import("rollup");
const pausing = {
  name: "pausing",
  load: (id) => (id.includes("hi@production") ? pauseAt("read") : undefined),
  buildEnd: { order: "pre", handler: () => pauseAt("end") },
};
const bundle = await rollup({
  input: join(root, "src", "main.js"),
  plugins: [pausing, scope()],
  onLog() {},
});
await bundle.write({ file: process.env.OUTPUT ?? join(root, "out", "main.mjs"), format: "esm" });
await bundle.close();
process.disconnect?.();
