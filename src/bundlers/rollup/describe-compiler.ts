import { styleText } from "node:util";
import type { ResolvedConfig } from "vite";
import { isTestRun, processEnv } from "../../environment.ts";
import type { Reporter } from "../../project/reporter.ts";
import type { BundlerCompiler, Host } from "../instance/compiler.ts";

/** What Rollup's hooks, and those of the bundlers with the same interface, find on `this`. */
export interface HookContext {
  /** Farm has neither of the two. */
  info?(text: string): void;
  warn?(text: string): void;
  addWatchFile?(file: string): void;
  emitFile?(file: { type: "asset"; fileName: string; source: string }): unknown;
  getModuleIds?(): Iterable<string>;
  readonly meta?: { readonly watchMode?: boolean };
  /** Vite only: the environment that is being built. */
  readonly environment?: {
    readonly name: string;
    readonly config: { readonly consumer: string };
    getTopLevelConfig?(): object;
  };
}

/** Facts that only the bundler's own config has; each has a fallback. */
export interface Facts {
  vite?: ResolvedConfig;
  viteReporter?: Reporter;
  root?: string;
  browser?: boolean;
}

/** What is built, by the bundler's own config if there is one, otherwise by the environment. */
export function describeCompiler(
  tool: string,
  facts: Facts,
  context: HookContext,
  host: Host | undefined,
): BundlerCompiler {
  const { vite, viteReporter, root, browser } = facts;
  const reporter = viteReporter ?? (context.info ? (context as Required<HookContext>) : console);
  const isServer = vite?.command === "serve";
  // Vite builds a library as a client. Whether its users put it into a page isn't known.
  const isLibrary = !isServer && Boolean(vite?.build.lib);
  const isPage = context.environment?.config.consumer === "client" && !isLibrary;
  const env = processEnv();
  const development =
    host?.development ?? (context.meta?.watchMode === true || isServer || Boolean(vite?.build.watch));
  // Vitest runs environments such as jsdom as a client, in Node.
  const isTested = isServer && isTestRun(env);
  return {
    tool,
    name: context.environment?.name ?? host?.output ?? "main",
    cwd: host?.root ?? vite?.root ?? root ?? process.cwd(),
    mode: host?.mode ?? vite?.mode ?? (env.NODE_ENV || (development ? "development" : "production")),
    development,
    browser: context.environment ? isPage && !isTested : browser === true,
    hot: isServer && isPage && !isTested ? viteTarget(vite) : undefined,
    reloadsModules: isServer || host?.development === true,
    printsStack: true,
    reporter,
  };
}

function viteTarget({ plugins }: ResolvedConfig): BundlerCompiler["hot"] {
  const has = (name: string) => plugins.some((plugin) => plugin.name.startsWith(name));
  return {
    frameworks: [
      ...(has("vite-plugin-svelte") ? ["svelte" as const] : []),
      ...(has("vite:vue") ? ["vue" as const] : []),
    ],
  };
}

const NAME = "[unplugin-scope]";

/** Vite's log, with our name before each line, as Vite's own plugins do; warnings are yellow. */
export function viteReporter({ logger, command }: Pick<ResolvedConfig, "logger" | "command">): Reporter {
  // In a build on a terminal the cursor is behind Vite's progress, "transforming (12) …".
  let start = command === "build" && process.stdout.isTTY ? "\n" : "";
  const line = (text: string) => {
    const shown = `${start}${text}`;
    start = "";
    return shown;
  };
  return {
    info: (text) => logger.info(line(`${styleText("cyan", NAME)} ${text}`)),
    warn: (text) => logger.warn(line(styleText("yellow", `${NAME} ${text}`))),
  };
}
