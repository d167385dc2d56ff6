/** Runs on the modules of prompts under Rspack's persistent cache: see {@link resolveEveryTime}. */
interface LoaderContext {
  cacheable(flag: boolean): void;
  callback(error: null, source: string, map?: unknown): void;
}

/** Passes a module on unchanged, and keeps it out of the cache. */
export default function keepOutOfCache(this: LoaderContext, source: string, map?: unknown): void {
  this.cacheable(false);
  this.callback(null, source, map);
}
