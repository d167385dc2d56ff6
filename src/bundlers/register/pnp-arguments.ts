import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Node's flags by which a thread finds packages where Yarn's Plug'n'Play installs them; none elsewhere. */
export function pnpArguments(): readonly string[] {
  if (process.versions.pnp === undefined) return [];
  // Yarn resolves this name to the path of its `.pnp.cjs`, beside which it writes its loader.
  const pnp = createRequire(import.meta.url).resolve("pnpapi");
  const loader = join(dirname(pnp), ".pnp.loader.mjs");
  return [
    "--require",
    pnp,
    ...(existsSync(loader) ? ["--experimental-loader", pathToFileURL(loader).href] : []),
  ];
}
