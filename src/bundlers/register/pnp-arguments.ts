import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The Node flags with which a thread finds packages under Yarn's Plug'n'Play; empty without it. */
export function pnpArguments(): readonly string[] {
  if (process.versions.pnp === undefined) return [];
  // Yarn resolves this name to the path of its `.pnp.cjs`. It writes its loader next to that file.
  const pnp = createRequire(import.meta.url).resolve("pnpapi");
  const loader = join(dirname(pnp), ".pnp.loader.mjs");
  return [
    "--require",
    pnp,
    ...(existsSync(loader) ? ["--experimental-loader", pathToFileURL(loader).href] : []),
  ];
}
