import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { processEnv } from "../../environment.ts";
import type { Options } from "../../project/config/options.ts";
import { helperPath, LATE_HELPER } from "../../project/module-names.ts";
import { OUTPUT_MANIFEST } from "../../run/manifest/outputs.ts";
import { type BundlerCompiler, CONSOLE, isEdge } from "../instance/compiler.ts";
import { PluginInstance } from "../instance/instance.ts";

/** `Bun.build`: `scope:` resolves to the module file. Bun itself reads and maps that file. */
export function applyToBunBuild(build: BunBuilder, config: BunConfig, options: Options | undefined): void {
  const instance = new PluginInstance(options);
  const compiler = describeCompiler(config);
  build.onStart?.(() => instance.start(compiler));
  build.onResolve({ filter: /^scope:/ }, async ({ path, importer }) => {
    return {
      path: instance.known(compiler, path, importer) ?? (await instance.module(compiler, path, importer)),
    };
  });
  build.onResolve({ filter: LATE_HELPER }, (asked) => {
    const path = helperPath(asked.path, asked.importer);
    return path === undefined ? undefined : { path };
  });
  build.onEnd?.(async ({ success }) => {
    if (success) {
      const path = config.outdir === undefined ? undefined : resolve(config.outdir);
      const text = await instance.recordOutput(compiler, { bundler: "bun", path });
      if (text !== undefined && path !== undefined) await writeFile(join(path, OUTPUT_MANIFEST), text);
    }
    await instance.end(compiler, !success);
  });
}

function describeCompiler({ target = "browser", conditions = [] }: BunConfig): BundlerCompiler {
  return {
    tool: "bun",
    name: "bun",
    cwd: process.cwd(),
    mode: processEnv().NODE_ENV || "production",
    development: false,
    browser: target === "browser" && !isEdge([conditions].flat()),
    reporter: CONSOLE,
  };
}

/**
 * The part of Bun's builder that is used here. In a preload it has the two hooks that every plugin gets, and no config.
 */
export interface BunBuilder {
  onResolve(
    filter: Filter,
    run: (asked: { readonly path: string; readonly importer: string }) => Answer | Promise<Answer>,
  ): void;
  onLoad(filter: Filter, run: (asked: { readonly path: string }) => Promise<Contents>): void;
  readonly config?: BunConfig;
  onStart?(run: () => Promise<void>): void;
  onEnd?(run: (result: { readonly success: boolean }) => Promise<void>): void;
}

/** The options that were passed to `Bun.build`. */
interface BunConfig {
  readonly outdir?: string;
  readonly target?: string;
  readonly conditions?: string | readonly string[];
}

interface Filter {
  readonly filter: RegExp;
  readonly namespace?: string;
}

type Answer = { readonly path: string; readonly namespace?: string } | undefined;

interface Contents {
  readonly contents: string;
  readonly loader: "js";
}
