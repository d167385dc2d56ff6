import { fileURLToPath } from "node:url";
import type { Compiler } from "webpack";

/** The modules of prompts, in the project or in the temporary folder of a process. */
const GENERATED = /[\\/](?:\.scope|unplugin-scope-[^\\/]+)[\\/](?:build|dev)-[^\\/]+[\\/][^\\/]+\.js$/;

/**
 * With a persistent cache Rspack takes the whole module graph from the last build, and resolves an import again only if
 * the module it leads to has to be built. So prompts' modules always have to be built: they are a few lines each, and
 * what they come from isn't on this disk. webpack resolves every import in every build anyway.
 */
export function resolveEveryTime({ module }: Compiler["options"]): void {
  const loader = fileURLToPath(new URL("./rspack-loader.js", import.meta.url));
  module.rules.push({ test: GENERATED, enforce: "pre", use: [{ loader }] });
}

/** Rspack's cache on disk. In Rspack 1 it's under `experiments`. */
export function cachesGraph({ cache, experiments }: Compiler["options"]): boolean {
  return isPersistent(cache) || isPersistent((experiments as { readonly cache?: unknown }).cache);
}

function isPersistent(cache: unknown): boolean {
  return (cache as { readonly type?: unknown } | undefined)?.type === "persistent";
}
