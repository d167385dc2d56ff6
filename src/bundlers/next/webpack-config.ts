import type { NextConfig } from "next";
import type { Compiler as WebpackCompiler } from "webpack";
import type { Options } from "../../project/config/options.ts";
import { PluginInstance } from "../instance/instance.ts";
import { applyToWebpack } from "../webpack/webpack-hooks.ts";

/** Adds the plugin to each of Next's webpack compilers: client, server and edge. */
export function withWebpackPrompts(config: NextConfig, options: Options): NextConfig {
  const instance = new PluginInstance(options);
  return {
    ...config,
    webpack: (given, context) => {
      const compiled = config.webpack ? config.webpack(given, context) : given;
      compiled.plugins.push({
        name: "unplugin-scope",
        apply: (compiler: WebpackCompiler) =>
          // Next builds its edge runtime for the target "web", and none of that output reaches a browser.
          applyToWebpack(compiler, options, {
            instance,
            isServer: context.isServer,
            reloadsModules: true,
            problemsAsWarnings: true,
          }),
      });
      return compiled;
    },
  };
}
