import type { NextConfig } from "next";
import type { Options } from "../config/options.ts";
import { unplugin } from "../plugin/unplugin.ts";

type WebpackFunction = NonNullable<NextConfig["webpack"]>;

/** The part of a webpack compiler, and of Rspack's, that matters here. */
interface CompilerLike {
  readonly options: object;
}

/** Adds the plugin to each of Next's webpack compilers: client, server and edge. */
export function withWebpackPrompts(config: NextConfig, options: Options): NextConfig {
  const webpack: WebpackFunction = (given, context) => {
    const compiled = config.webpack ? config.webpack(given, context) : given;
    const plugin = process.env.NEXT_RSPACK ? unplugin.rspack(options) : unplugin.webpack(options);
    const apply = (compiler: CompilerLike) => {
      const seen = context.nextRuntime === "edge" ? asServer(compiler) : compiler;
      (plugin as { apply(compiler: unknown): void }).apply(seen);
    };
    compiled.plugins.push({ name: "unplugin-scope", apply });
    return compiled;
  };
  return { ...config, webpack };
}

/**
 * The compiler with the target of a server. Next builds its edge runtime for `web`, and nothing of it reaches a
 * browser. As an option `target` would do too, but compilers with other options get answers of their own.
 */
function asServer(compiler: CompilerLike): CompilerLike {
  return Object.create(compiler, { options: { get: () => ({ ...compiler.options, target: "webworker" }) } });
}
