import { createRollupPlugin } from "unplugin";
import type { Options } from "../../project/config/options.ts";
import type { Host } from "../instance/host.ts";
import { rollupLike } from "../rollup/rollup-plugin.ts";
import type { Nitro, Nuxt } from "./nuxt.ts";

/**
 * Adds the plugin to Nitro, which builds `server/` with Rollup, and builds it again for the pages that it prerenders.
 */
export function addToNitro(nuxt: Nuxt, options: Options, host: Host): void {
  const server = nitroPlugin(options, { ...host, output: "nitro", resolvesHelpers: true });
  const prerenderer = nitroPlugin(options, { ...host, output: "nitro-prerender", resolvesHelpers: true });
  nuxt.hook("nitro:init", (nitro) => {
    server.addTo(nitro);
    nitro.hooks.hook("prerender:init", (other) => prerenderer.addTo(other));
    nitro.hooks.hook("close", () => server.close());
  });
}

function nitroPlugin(options: Options, host: Host) {
  // Nitro makes a new watcher for each server file that is added or removed, so only Nitro's own close is the end.
  const { rollup, ...shared } = rollupLike("rollup", options, host);
  const { closeWatcher, ...rest } = rollup;
  const plugin = createRollupPlugin<void>(() => ({ ...shared, rollup: rest }))();
  return {
    addTo: ({ hooks }: Nitro) =>
      hooks.hook("rollup:before", (_nitro, config) => {
        config.plugins.unshift(plugin);
      }),
    close: () => closeWatcher.call({}),
  };
}
