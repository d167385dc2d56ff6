import { stat } from "node:fs/promises";
import { join } from "node:path";
import { glob } from "tinyglobby";

const ROOT = join(import.meta.dirname, "..");
/** What a build writes last: without it, one was interrupted. */
const LAST = join(ROOT, "dist", "inspector", "index.html");

/** Is `dist` there, and newer than what it's made of? */
export async function isBuilt() {
  const builtAt = await changedAt(LAST);
  const sources = await glob(["src/**", "templates/**", "package-lock.json", "*.config.ts", "build/*.ts"], {
    cwd: ROOT,
    absolute: true,
  });
  const times = await Promise.all(sources.map(changedAt));
  return times.every((time) => time <= builtAt);
}

/** Builds `dist` as `npm run build` does. */
export async function buildPackage() {
  const [tsdown, vite] = await Promise.all([import("tsdown"), import("vite")]);
  await tsdown.build({ cwd: ROOT, logLevel: "error" });
  await vite.build({ configFile: join(ROOT, "build", "vite.inspector.config.ts"), logLevel: "error" });
}

async function changedAt(path) {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}
