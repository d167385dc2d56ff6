import { fileURLToPath } from "node:url";

/** The part of a compiler's options that says how Rspack caches; webpack's are like it. */
export interface CachingOptions {
  readonly cache?: unknown;
  readonly experiments?: { readonly cache?: unknown } | undefined;
  readonly module: { readonly rules: unknown };
}

/** The modules of prompts, in the project or in the temporary folder of a process. */
const GENERATED = /[\\/](?:\.scope|unplugin-scope-[^\\/]+)[\\/](?:build|dev)-[^\\/]+[\\/][^\\/]+\.js$/;

/**
 * With a persistent cache Rspack takes the whole graph of modules from the build before, and resolves an import again
 * only where the module behind it has to be built. So those of prompts always have to be: they are a few lines each, and
 * what they come from is not on this disk. webpack resolves every import of every build by itself.
 */
export function resolveEveryTime({ module }: CachingOptions): void {
  const loader = fileURLToPath(new URL("./rspack-loader.js", import.meta.url));
  (module.rules as object[]).push({ test: GENERATED, enforce: "pre", use: [{ loader }] });
}

/** Rspack's cache on disk. Rspack 1 has it among the experiments. */
export function cachesGraph({ cache, experiments }: CachingOptions): boolean {
  return isPersistent(cache) || isPersistent(experiments?.cache);
}

function isPersistent(cache: unknown): boolean {
  return (cache as { readonly type?: unknown } | undefined)?.type === "persistent";
}
