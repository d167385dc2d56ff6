import type { ResolvedConfig } from "vite";
import { processEnv } from "../config/environment.ts";
import { isTestRun } from "../config/load-options.ts";
import type { Options } from "../config/options.ts";
import { ConfigurationError } from "../errors/classes.ts";
import { bundlerError, type Compiler, PluginInstance } from "./instance.ts";

/** What Rollup's hooks, and those of the bundlers that took its interface, find on `this`. */
export interface HookContext {
  /** Farm has neither of the two. */
  info?(text: string): void;
  warn?(text: string): void;
  readonly meta?: { readonly watchMode?: boolean };
  /** Vite only: the environment that is built. */
  readonly environment?: { readonly name: string; readonly config: { readonly consumer: string } };
}

/** Facts that only the bundler's own config gives; each has a fallback. */
interface Facts {
  vite?: ResolvedConfig;
  root?: string;
  browser?: boolean;
}

/**
 * Rollup, Rolldown, Vite and Farm: `scope:` resolves to the path of the module file, and the bundler does the
 * rest as for any file.
 */
export class RollupHooks {
  readonly #instance: PluginInstance;
  readonly #facts: Facts = {};

  constructor(options: Options | undefined) {
    this.#instance = new PluginInstance(options);
  }

  /** @throws ConfigurationError when Vite would inline `SCOPE_` variables, secrets among them, into the page */
  useViteConfig(config: ResolvedConfig): void {
    refuseInliningPrefix(config.envPrefix);
    this.#facts.vite = config;
  }

  useRoot(root: string): void {
    this.#facts.root = root;
  }

  useBrowser(browser: boolean): void {
    this.#facts.browser = browser;
  }

  async buildStart(context: HookContext): Promise<void> {
    await this.#instance.start(this.#describe(context));
  }

  async resolveId(context: HookContext, id: string, importer: string | undefined) {
    const { file } = await this.#instance.moduleOrAllFailures(this.#describe(context), id, importer);
    return { id: file.replaceAll("\\", "/"), moduleSideEffects: false };
  }

  async buildEnd(context: HookContext): Promise<void> {
    await this.#instance.end(this.#describe(context));
  }

  /** The end of a server or of watching, where {@link buildEnd} is not the end. */
  async close(context: HookContext): Promise<void> {
    await this.#instance.close(this.#describe(context));
  }

  #describe(context: HookContext): Compiler {
    const { vite, root, browser } = this.#facts;
    const reporter = vite?.logger ?? (context.info ? (context as Required<HookContext>) : console);
    const watches =
      context.meta?.watchMode === true || vite?.command === "serve" || Boolean(vite?.build.watch);
    const development = vite
      ? vite.command === "serve"
      : watches || process.env.NODE_ENV === "development" || isTestRun(processEnv());
    return {
      name: context.environment?.name ?? "main",
      cwd: vite?.root ?? root ?? process.cwd(),
      mode: vite?.mode ?? (process.env.NODE_ENV || (development ? "development" : "production")),
      development,
      watch: watches,
      browser: context.environment ? context.environment.config.consumer === "client" : browser === true,
      reporter,
    };
  }
}

function refuseInliningPrefix(envPrefix: string | string[] | undefined): void {
  const prefixes = [envPrefix ?? "VITE_"].flat();
  const bad = prefixes.find((prefix) => prefix.startsWith("SCOPE_") || "SCOPE_".startsWith(prefix));
  if (bad === undefined) return;
  throw bundlerError(
    new ConfigurationError(
      `Vite's envPrefix "${bad}" would put SCOPE_ variables, the API secret among them, into the page.`,
      {
        code: "env_prefix_refused",
        where: { file: "vite.config" },
        hint: "Choose a prefix that SCOPE_ does not start with, such as VITE_.",
      },
    ),
  );
}
