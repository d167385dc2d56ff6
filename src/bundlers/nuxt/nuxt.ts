import type { Options } from "../../project/config/options.ts";

/** The part of Nuxt that is used here. Declared here because a Nuxt module needs nothing from Nuxt's packages. */
export interface Nuxt {
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
  "webpack:config": (configs: readonly WebpackConfig[]) => void;
  "rspack:config": (configs: readonly WebpackConfig[]) => void;
  "nitro:config": (config: { typescript?: { tsConfig?: TsConfig } }) => void;
  "nitro:init": (nitro: Nitro) => void;
  "prepare:types": (types: Readonly<Record<string, unknown>>) => void;
}

interface WebpackConfig {
  /** "client" or "server". */
  readonly name?: string;
  plugins?: unknown[];
}

/** A `tsconfig.json` that Nuxt generates. */
export interface TsConfig {
  include?: string[];
}

/** The builder of Nuxt's server. */
export interface Nitro {
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
export interface ScopeModule {
  (inlineOptions: Options, nuxt: unknown): Promise<void>;
  getMeta(): Promise<{
    readonly name: string;
    readonly configKey: string;
    readonly compatibility: { readonly nuxt: string };
  }>;
}
