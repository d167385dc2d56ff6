import { createVitePlugin } from "unplugin";
import type { Compiler as WebpackCompiler } from "webpack";
import type { Options } from "../../project/config/options.ts";
import type { Host } from "../instance/host.ts";
import { PluginInstance } from "../instance/instance.ts";
import { rollupLike } from "../rollup/rollup-plugin.ts";
import { applyToWebpack } from "../webpack/webpack-hooks.ts";
import type { Nuxt } from "./nuxt.ts";

/** Adds the plugin to Vite, which builds the pages for browser and server. */
export function addToVite(nuxt: Nuxt, options: Options, host: Host): void {
  const plugin = createVitePlugin<void>(() => rollupLike("vite", options, host))();
  nuxt.hook("vite:extend", ({ config }) => {
    config.plugins = [plugin, ...(config.plugins ?? [])];
  });
}

/** The same for applications whose `builder` is webpack or Rspack. */
export function addToWebpack(nuxt: Nuxt, options: Options): void {
  const instance = new PluginInstance(options);
  for (const hook of ["webpack:config", "rspack:config"] as const) {
    nuxt.hook(hook, (configs) => {
      for (const config of configs) {
        const apply = (compiler: WebpackCompiler) =>
          applyToWebpack(compiler, options, {
            instance,
            isServer: config.name === "server",
            reloadsModules: true,
          });
        config.plugins = [...(config.plugins ?? []), { name: "unplugin-scope", apply }];
      }
    });
  }
}
