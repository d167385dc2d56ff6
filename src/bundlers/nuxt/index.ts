import { relative } from "node:path";
import { createRollupPlugin, createVitePlugin } from "unplugin";
import { toPosix } from "../../errors/printable.ts";
import { loadOptions } from "../../project/config/load-options.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import { bundlerError } from "../instance/bundler-error.ts";
import type { Host } from "../instance/instance.ts";
import { rollupLike } from "../rollup/rollup-plugin.ts";

/**
 * The Nuxt module: prompts in pages, components and server routes. Its options are under the key `scope`.
 *
 * @example
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ["unplugin-scope/nuxt"] });
 */
const scope: ScopeModule = Object.assign(
  (inlineOptions: PluginOptions, nuxt: unknown) => setUp(inlineOptions, nuxt as Nuxt),
  {
    getMeta: async () => ({
      name: "unplugin-scope",
      configKey: "scope",
      compatibility: { nuxt: "^3.0.0 || ^4.0.0" },
    }),
  },
);

// The second name makes `require("unplugin-scope/nuxt")` the module itself.
export { scope as default, scope as "module.exports" };

/**
 * Adds prompts to both builds of a Nuxt application: the pages' and the server's.
 *
 * @throws an error made for bundlers, if the config can't be used
 */
async function setUp(inlineOptions: PluginOptions, nuxt: Nuxt): Promise<void> {
  const { scope, rootDir, dev } = nuxt.options as Nuxt["options"] & {
    readonly scope?: PluginOptions | false;
  };
  if (scope === false) return;
  const options = { ...scope, ...inlineOptions };
  const host: Host = { root: rootDir, mode: dev ? "development" : "production", development: dev };
  const { configFile, dts } = await load(options, host);
  if (configFile !== undefined) nuxt.options.watch.push(configFile);
  addToVite(nuxt, options, host);
  addToNitro(nuxt, options, host);
  if (dts !== false) showTypes(nuxt, dts);
}

async function load(options: PluginOptions, { root, mode }: Host) {
  try {
    return await loadOptions({ cwd: root, mode, plugin: options });
  } catch (error) {
    throw bundlerError(error, root);
  }
}

/** Adds the plugin to Vite, which builds the pages for browser and server. */
function addToVite(nuxt: Nuxt, options: PluginOptions, host: Host): void {
  const plugin = createVitePlugin<void>(() => rollupLike("vite", options, host))();
  nuxt.hook("vite:extend", ({ config }) => {
    config.plugins = [plugin, ...(config.plugins ?? [])];
  });
}

/**
 * Adds the plugin to Nitro, which builds `server/` with Rollup, and builds it again for the pages that it prerenders.
 */
function addToNitro(nuxt: Nuxt, options: PluginOptions, host: Host): void {
  const server = nitroPlugin(options, { ...host, output: "nitro", resolvesHelpers: true });
  const prerenderer = nitroPlugin(options, { ...host, output: "nitro-prerender", resolvesHelpers: true });
  nuxt.hook("nitro:init", (nitro) => {
    server.addTo(nitro);
    nitro.hooks.hook("prerender:init", (other) => prerenderer.addTo(other));
    nitro.hooks.hook("close", () => server.close());
  });
}

function nitroPlugin(options: PluginOptions, host: Host) {
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

/** The tsconfigs that Nuxt generates, by the names in its hook. Nitro's for `server/` isn't one of them. */
const TSCONFIGS = ["tsConfig", "sharedTsConfig"] as const;

/** Adds the types to every tsconfig that Nuxt generates, wherever the types are and whether or not they exist yet. */
function showTypes(nuxt: Nuxt, dts: string): void {
  const path = toPosix(relative(nuxt.options.buildDir, dts));
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

/** The part of Nuxt that is used here. Declared here because a Nuxt module needs nothing from Nuxt's packages. */
interface Nuxt {
  readonly options: {
    readonly rootDir: string;
    readonly buildDir: string;
    readonly dev: boolean;
    /** Files that restart the dev server when they change. */
    readonly watch: unknown[];
  };
  hook<Name extends keyof Hooks>(name: Name, work: Hooks[Name]): unknown;
}

interface Hooks {
  "vite:extend": (context: { readonly config: { plugins?: unknown[] } }) => void;
  "nitro:config": (config: { typescript?: { tsConfig?: TsConfig } }) => void;
  "nitro:init": (nitro: Nitro) => void;
  "prepare:types": (types: Readonly<Record<string, unknown>>) => void;
}

/** A `tsconfig.json` that Nuxt generates. */
interface TsConfig {
  include?: string[];
}

/** The builder of Nuxt's server. */
interface Nitro {
  readonly hooks: {
    hook<Name extends keyof NitroHooks>(name: Name, work: NitroHooks[Name]): unknown;
  };
}

interface NitroHooks {
  "rollup:before": (nitro: unknown, config: { readonly plugins: unknown[] }) => void;
  "prerender:init": (prerenderer: Nitro) => void;
  close: () => Promise<void>;
}

/** A Nuxt module, in the form from which Nuxt reads the type of its options. */
interface ScopeModule {
  (inlineOptions: PluginOptions, nuxt: unknown): Promise<void>;
  getMeta(): Promise<{
    readonly name: string;
    readonly configKey: string;
    readonly compatibility: { readonly nuxt: string };
  }>;
}
