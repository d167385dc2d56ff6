import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import type { Compiler as WebpackCompiler } from "webpack";
import { processEnv } from "../../environment.ts";
import { ConfigurationError } from "../../errors/classes.ts";
import type { PluginOptions } from "../../project/config/options.ts";
import { isOlder } from "../../project/config/package-manager.ts";
import { GENERATED_FOLDER } from "../../project/module-names.ts";
import { bundlerError } from "../instance/bundler-error.ts";
import { createInstance } from "../instance/instance.ts";
import { applyToWebpack } from "../webpack/webpack-hooks.ts";
import type { LoaderOptions } from "./loader.ts";
import { NAME_QUERY, PLACEHOLDER, writePlaceholder } from "./placeholder.ts";
import { promptServerPath } from "./prompt-build.ts";

// biome-ignore lint/suspicious/noExplicitAny: as Next's own types have it here
type Untyped = any;

/** What Next passes to `webpack`, in the words of its `WebpackConfigContext`: Next's own types would have to be installed. */
interface WebpackContext {
  readonly dir: string;
  readonly dev: boolean;
  readonly isServer: boolean;
  readonly nextRuntime?: "nodejs" | "edge";
  readonly buildId: string;
  readonly totalPages: number;
  readonly config: Untyped;
  readonly defaultLoaders: { readonly babel: Untyped };
  readonly webpack: Untyped;
}

/** A method's parameters are compared both ways, so Next's own type of the context fits. */
type Webpack = { of(config: Untyped, context: WebpackContext): Untyped }["of"];

/** Next's config: any object whose `webpack`, if it has one, is a function. Without `object`, it would have to have one. */
type Config = object & { webpack?: Webpack | null | undefined };

/** A config as a function of Next's phase. */
type ConfigFunction<T> = (phase: string, context: { defaultConfig: Untyped }) => T;

interface WithScope {
  <T extends Config>(
    config: ConfigFunction<Promise<T> | T>,
    options?: PluginOptions,
  ): ConfigFunction<Promise<T>>;
  <T extends Config>(config: Promise<T>, options?: PluginOptions): Promise<T>;
  <T extends Config>(config?: T, options?: PluginOptions): T;
  /** The function itself, for `const { withScope } = require("unplugin-scope/next")`. */
  withScope: WithScope;
}

/**
 * Makes `scope:` imports work in a Next project that Turbopack or webpack builds. Returns an object for an object, a
 * function for a function, and a promise for a promise.
 *
 * @param config Next's config. Default `{}`
 * @param options win over the config file, option by option; paths in them are relative to the Next project
 * @throws an Error for a person, if the folder of the Next project isn't known
 * @example
 * // next.config.ts
 * import { withScope } from "unplugin-scope/next";
 * export default withScope({ reactStrictMode: true });
 */
const withScope = ((config: unknown = {}, options: PluginOptions = {}) => {
  const add = extension(options);
  if (typeof config === "function") {
    return async (...args: unknown[]) => add(await config(...args));
  }
  return config instanceof Promise ? config.then(add) : add(config as NextConfig);
}) as WithScope;

withScope.withScope = withScope;

export { withScope as default, withScope as "module.exports", withScope };

function extension(options: PluginOptions): (config: NextConfig) => NextConfig {
  // Next sets this before it reads the config. It isn't set for `next start`, which compiles nothing.
  if (!processEnv().TURBOPACK) return (config) => withWebpackPrompts(config, options);
  try {
    const dir = projectDir(process.cwd());
    return (config) =>
      withTurbopackPrompts(config, dir, promptServerPath(dir, config.distDir ?? ".next", options));
  } catch (error) {
    throw bundlerError(error);
  }
}

/** A Next project has one of these; without one Next itself refuses the folder. */
const ROUTES = ["app", "pages", join("src", "app"), join("src", "pages")];

/**
 * The folder of the Next project, which Turbopack's aliases are relative to: Next doesn't pass it to a config.
 *
 * @throws ConfigurationError `next_project_unknown`; a wrong folder would compile and fail in the running server
 */
function projectDir(cwd: string): string {
  if (ROUTES.some((routes) => existsSync(join(cwd, routes)))) return cwd;
  throw new ConfigurationError("The folder that Next runs in has neither app nor pages.", {
    code: "next_project_unknown",
    where: { file: cwd },
    hint: "Run Next in the folder of the project.",
  });
}

/** Adds the plugin to each of Next's webpack compilers: client, server and edge. */
function withWebpackPrompts(config: NextConfig, options: PluginOptions): NextConfig {
  const instance = createInstance(options);
  return {
    ...config,
    webpack: (given, context) => {
      const compiled = config.webpack ? config.webpack(given, context) : given;
      compiled.plugins.push({
        name: "unplugin-scope",
        apply: (compiler: WebpackCompiler) =>
          // Next builds its edge runtime for the target "web", and none of that output reaches a browser.
          applyToWebpack(compiler, instance, {
            isServer: context.isServer,
            reloadsModules: true,
            problemsAsWarnings: true,
          }),
      });
      return compiled;
    },
  };
}

type TurbopackOptions = NonNullable<NextConfig["turbopack"]>;

/**
 * Adds the alias of `scope:` imports and the loader that fills them, for the Turbopack of the project's Next; the newest
 * if it isn't found.
 *
 * @param dir of the Next project
 * @param server where the loader sends its questions
 */
function withTurbopackPrompts(config: NextConfig, dir: string, server: string): NextConfig {
  writePlaceholder(dir);
  const add = (own: TurbopackOptions | undefined): TurbopackOptions => ({
    ...own,
    resolveAlias: {
      ...own?.resolveAlias,
      "scope:*": `./${GENERATED_FOLDER}/next/${PLACEHOLDER}${NAME_QUERY}*`,
    },
    rules: {
      ...own?.rules,
      [`*${PLACEHOLDER.slice(PLACEHOLDER.indexOf("."))}`]: loaderRule(server, dir),
    },
  });
  if (!isOlder(dir, "next", [15, 3])) return { ...config, turbopack: add(config.turbopack) };
  const experimental = config.experimental as { turbo?: TurbopackOptions } | undefined;
  return { ...config, experimental: { ...experimental, turbo: add(experimental?.turbo) } as object };
}

/** Next 16 accepts a list of rules with conditions; Next 15 accepts only an object of conditions. */
function loaderRule(server: string, dir: string): NonNullable<TurbopackOptions["rules"]>[string] {
  const loader = fileURLToPath(new URL("./next-loader.js", import.meta.url));
  const rule = (browser: boolean) => ({
    // The server's address is different each time, so what a disk cache has from the last run is requested again.
    loaders: [{ loader, options: { server, browser } satisfies LoaderOptions }],
    // Regardless of what the project's package.json says about .js files.
    as: "*.mjs",
  });
  if (isOlder(dir, "next", [16, 0])) return { browser: rule(true), default: rule(false) } as object;
  return [
    { ...rule(true), condition: "browser" },
    { ...rule(false), condition: { not: "browser" } },
  ];
}
