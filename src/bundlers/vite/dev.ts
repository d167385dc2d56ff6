import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname, resolve } from "node:path";
import util from "node:util";
import type {
  EnvironmentModuleNode,
  ErrorPayload,
  HotChannelClient,
  HotUpdateOptions,
  ResolvedConfig,
  ViteDevServer,
} from "vite";
import { ConfigurationError } from "../../errors/classes.ts";
import { toPosix } from "../../errors/printable.ts";
import { isSnapshotName } from "../../files/safe-name.ts";
import type { InspectorHandler } from "../../inspector/handler.ts";
import { moduleNameOf } from "../../project/module-names.ts";
import type { Project } from "../../project/project.ts";
import type { DevSession } from "../../run/dev/session.ts";
import { hotForm } from "../../run/modules/write-module.ts";
import { bundlerError } from "../instance/bundler-error.ts";
import { PLUGIN_NAME } from "../instance/instance.ts";

/** Keeps Vite from watching each snapshot file: the session itself watches their folder. */
export function ignoreSnapshots({ server }: Pick<ResolvedConfig, "server">, snapshotDir: string): void {
  // Nothing is watched at all.
  if (server.watch === null) return;
  const isSnapshot = (path: string) =>
    isSnapshotName(basename(path)) && resolve(dirname(path)) === snapshotDir;
  server.watch = { ...server.watch, ignored: [server.watch?.ignored ?? [], isSnapshot].flat() };
}

/**
 * What the plugin adds to Vite's dev server: components that render again, problems in the overlay, and the inspector.
 */
export class ViteDev {
  readonly #server: ViteDevServer;
  readonly #restarts: boolean;
  #session: DevSession | undefined;
  /**
   * The files that imports got, by environment and module name, and whether the server's own code loads them directly.
   */
  readonly #files = new Map<string, Map<string, boolean>>();
  #inspector: Promise<InspectorHandler> | undefined;

  /** @param restarts the server restarts by itself when its config changes */
  constructor(server: ViteDevServer, { restarts }: { readonly restarts: boolean }) {
    this.#server = server;
    this.#restarts = restarts;
    const { hot } = server.environments.client;
    // A page that is opened while there is a problem shows it too.
    hot.on("vite:client:connect", (_data: unknown, client: HotChannelClient) => {
      const problem = this.#problem();
      if (problem !== undefined) client.send(problem);
    });
  }

  /** Shows what the session finds. Call it at every build start; the same session is only added once. */
  use(session: DevSession | undefined): void {
    if (session === undefined || session === this.#session) return;
    this.#session = session;
    this.#restartWith(session.compilation.options.configFile);
    session.problems.listen(() => this.#showProblems());
    // For a page that couldn't load without the module that now exists.
    session.onRecovery(() => this.#server.environments.client.hot.send({ type: "full-reload", path: "*" }));
  }

  /**
   * Vite replaces a prompt's module together with the nearest modules that accept it, as components do. If there is none
   * on some path up the importers, it would reload the page: `hot-vite.ts` does that, unless the page waits for the update.
   *
   * @returns no module, if the page is told; undefined if Vite shall go on
   */
  modulesToUpdate({ file, modules }: HotUpdateOptions): EnvironmentModuleNode[] | undefined {
    if (!file.endsWith(`${hotForm(true)}.js`)) return undefined;
    const seen = new Set(modules);
    const isAccepted = (module: EnvironmentModuleNode): boolean =>
      [...module.importers].every((importer) => {
        if (seen.has(importer) || importer.isSelfAccepting || importer.acceptedHmrExports?.size) return true;
        seen.add(importer);
        return importer.acceptedHmrDeps.has(module) || (importer.importers.size > 0 && isAccepted(importer));
      });
    const left = modules.filter((module) => !isAccepted(module));
    const { config, environments } = this.#server;
    for (const { url } of left)
      environments.client.hot.send(`${PLUGIN_NAME}:unaccepted`, {
        url: config.base.replace(/\/$/, "") + url,
      });
    return left.length > 0 ? [] : undefined;
  }

  /**
   * An import got this file. The dev server may read its folder, even if that's a temporary one outside every root.
   */
  resolved(environment: string, file: string, importer: string | undefined): void {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const { allow } = this.#server.config.server.fs;
    if (!allow.some((allowed) => folder === allowed || folder.startsWith(`${allowed}/`))) allow.push(folder);
    const key = `${environment}\n${moduleNameOf(file)}`;
    const files = this.#files.get(key) ?? new Map<string, boolean>();
    // Vite names the root's page, which isn't a module, as the importer of what its own code loads.
    const isDirect = importer === undefined || importer.endsWith("/index.html");
    this.#files.set(key, files.set(file, isDirect || files.get(file) === true));
  }

  /** Does the loaded code import a prompt's module? The module graph keeps modules that nobody imports any more. */
  isImported(environment: string, name: string): boolean {
    // A server that bundles has no graph.
    if (this.#server.config.experimental.bundledDev === true) return true;
    const graph = this.#server.environments[environment]?.moduleGraph;
    return [...(this.#files.get(`${environment}\n${name}`) ?? [])].some(([file, isDirect]) =>
      [...(graph?.getModulesByFile(file) ?? [])].some(({ importers }) => isDirect || importers.size > 0),
    );
  }

  /**
   * Adds the inspector at `/__scope/`. None of it is loaded before somebody opens it.
   *
   * @param openProject opens the project with the plugin's own options
   */
  addInspector(openProject: () => Promise<Project>): void {
    const server = this.#server;
    const { base } = server.config;
    const path = `${base.startsWith("/") ? base : "/"}${INSPECTOR}`;
    server.middlewares.use(path, (request, response, next) => {
      // The page's files are relative to this address.
      if (request.originalUrl?.split("?")[0] === path)
        response.writeHead(302, { location: `${path}/` }).end();
      else this.#inspect(openProject, request, response).catch(next);
    });
    // A line below Vite's own that says where the page is.
    const print = server.printUrls.bind(server);
    server.printUrls = () => {
      print();
      for (const url of server.resolvedUrls?.local ?? []) {
        const address = util.styleText("cyan", `${url}${INSPECTOR}/`);
        server.config.logger.info(
          `  ${util.styleText("green", "➜")}  ${util.styleText("bold", "Scope")}:   ${address}`,
        );
      }
    };
  }

  async close(): Promise<void> {
    const inspector = this.#inspector;
    this.#inspector = undefined;
    await (await inspector?.catch(() => undefined))?.close();
  }

  async #inspect(
    openProject: () => Promise<Project>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { createInspectorHandler, isRefused } = await import("../../inspector/handler.ts");
    // A request that isn't allowed doesn't open a project either.
    if (isRefused(request, response)) return;
    const { root } = this.#server.config;
    const session = () => this.#session;
    this.#inspector ??= openProject()
      .then((project) => createInspectorHandler({ project, session }))
      .catch((error) => {
        // Reads a config again after it was fixed.
        this.#inspector = undefined;
        throw bundlerError(error, root);
      });
    const [asked = ""] = (request.url ?? "").split("?");
    await (await this.#inspector).handle(request, response, asked.slice(1));
  }

  /** Vite restarts when a file that its own config depends on changes. This makes it do the same for ours. */
  #restartWith(configFile: string | undefined): void {
    if (configFile === undefined || !this.#restarts) return;
    const { config, watcher } = this.#server;
    config.configFileDependencies.push(toPosix(configFile));
    watcher.add(configFile);
  }

  #showProblems(): void {
    const { hot } = this.#server.environments.client;
    const problem = this.#problem();
    if (problem !== undefined) {
      hot.send(problem);
      return;
    }
    hot.send(`${PLUGIN_NAME}:mended`);
    // Clears the overlay of a page that has no prompt of its own to listen with.
    hot.send({ type: "update", updates: [] });
  }

  #problem(): ErrorPayload | undefined {
    const texts = this.#session?.problems.texts ?? [];
    if (texts.length === 0) return undefined;
    const message = `${texts.join("\n\n")}\n\nThe last good version is still served.`;
    return { type: "error", err: { message, stack: "", plugin: PLUGIN_NAME } };
  }
}

const INSPECTOR = "__scope";

/** The error for a prefix that makes Vite inline `SCOPE_` variables. */
export function prefixRefused(prefix: string): Error {
  return bundlerError(
    new ConfigurationError(
      `Vite's envPrefix "${prefix}" would put SCOPE_ variables, including the API secret, into the page.`,
      {
        code: "env_prefix_refused",
        where: { file: "vite.config" },
        hint: "Choose a prefix that SCOPE_ doesn't start with, such as VITE_.",
      },
    ),
  );
}
