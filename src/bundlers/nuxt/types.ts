import { relative } from "node:path";
import type { Nuxt, TsConfig } from "./nuxt.ts";

/** The tsconfigs that Nuxt generates, by the names in its hook. Nitro's for `server/` isn't one of them. */
const TSCONFIGS = ["tsConfig", "sharedTsConfig"] as const;

/** Adds the types to every tsconfig that Nuxt generates, wherever the types are and whether or not they exist yet. */
export function showTypes(nuxt: Nuxt, dts: string): void {
  const path = relative(nuxt.options.buildDir, dts).replaceAll("\\", "/");
  const include = (tsConfig: TsConfig) => {
    tsConfig.include = [...(tsConfig.include ?? []), path];
  };
  nuxt.hook("prepare:types", (types) => {
    for (const name of TSCONFIGS) {
      const tsConfig = types[name] as TsConfig | undefined;
      // Nuxt 3 has one for everything but the server.
      if (tsConfig !== undefined) include(tsConfig);
    }
  });
  nuxt.hook("nitro:config", (config) => {
    config.typescript ??= {};
    config.typescript.tsConfig ??= {};
    include(config.typescript.tsConfig);
  });
}
