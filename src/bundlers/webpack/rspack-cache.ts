import { fileURLToPath } from "node:url";

/** The part of a compiler's options that says how Rspack caches; webpack's are similar. */
export interface CachingOptions {
  readonly cache?: unknown;
  readonly experiments?: { readonly cache?: unknown } | undefined;
  readonly module: { readonly rules: unknown };
}

/** The modules of prompts, in the project or in the temporary folder of a process. */
const GENERATED = /[\\/](?:\.scope|unplugin-scope-[^\\/]+)[\\/](?:build|dev)-[^\\/]+[\\/][^\\/]+\.js$/;

/**
 * With a persistent cache Rspack takes the whole module graph from the last build, and resolves an import again only if
 * the module it leads to has to be built. So prompts' modules always have to be built: they are a few lines each, and
 * what they come from isn't on this disk. webpack resolves every import in every build anyway.
 */
export function resolveEveryTime({ module }: CachingOptions): void {
  const loader = fileURLToPath(new URL("./rspack-loader.js", import.meta.url));
  (module.rules as object[]).push({ test: GENERATED, enforce: "pre", use: [{ loader }] });
}

/** Rspack's cache on disk. In Rspack 1 it's under `experiments`. */
export function cachesGraph({ cache, experiments }: CachingOptions): boolean {
  return isPersistent(cache) || isPersistent(experiments?.cache);
}

function isPersistent(cache: unknown): boolean {
  return (cache as { readonly type?: unknown } | undefined)?.type === "persistent";
}
