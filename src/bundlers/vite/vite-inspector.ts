import type { IncomingMessage, ServerResponse } from "node:http";
import { styleText } from "node:util";
import type { ViteDevServer } from "vite";
import { processEnv } from "../../environment.ts";
import type { InspectorHandler } from "../../inspector/handler.ts";
import type { Project } from "../../project/project.ts";
import type { DevSession } from "../../run/dev/session.ts";
import { bundlerError } from "../instance/bundler-error.ts";

const PATH = "__scope";

/** What the plugin passes to the inspector. */
interface ViteInspectorInput {
  /** Opens the project with the plugin's own options. */
  readonly openProject: () => Promise<Project>;
  readonly session: () => DevSession | undefined;
}

/** The inspector at `/__scope/` of Vite's dev server. None of it is loaded before somebody opens it. */
export class ViteInspector {
  readonly #server: ViteDevServer;
  readonly #input: ViteInspectorInput;
  #handler: Promise<InspectorHandler> | undefined;

  constructor(server: ViteDevServer, input: ViteInspectorInput) {
    this.#server = server;
    this.#input = input;
    const { base } = server.config;
    const path = `${base.startsWith("/") ? base : "/"}${PATH}`;
    server.middlewares.use(path, (request, response, next) => {
      const [asked = ""] = (request.url ?? "").split("?");
      // The page's files are relative to this address.
      if (request.originalUrl?.split("?")[0] === path) {
        response.writeHead(302, { location: `${path}/` }).end();
        return;
      }
      this.#answer(request, response, asked.slice(1)).catch(next);
    });
    this.#reportAddress();
  }

  async close(): Promise<void> {
    const handler = this.#handler;
    this.#handler = undefined;
    await (await handler?.catch(() => undefined))?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { isRefused } = await import("../../inspector/handler.ts");
    // A request that isn't allowed doesn't open a project either.
    if (isRefused(request, response)) return;
    await (await this.#open()).handle(request, response, path);
  }

  #open(): Promise<InspectorHandler> {
    this.#handler ??= this.#load().catch((error) => {
      // Reads a config again after it was fixed.
      this.#handler = undefined;
      throw error;
    });
    return this.#handler;
  }

  async #load(): Promise<InspectorHandler> {
    const { root, mode } = this.#server.config;
    const { InspectorHandler } = await import("../../inspector/handler.ts");
    try {
      return new InspectorHandler({
        project: await this.#input.openProject(),
        session: this.#input.session,
        doctor: { cwd: root, mode, env: processEnv() },
      });
    } catch (error) {
      throw bundlerError(error, root);
    }
  }

  /** Adds a line below Vite's own that says where the page is. */
  #reportAddress(): void {
    const server = this.#server;
    const print = server.printUrls.bind(server);
    server.printUrls = () => {
      print();
      for (const url of server.resolvedUrls?.local ?? []) {
        const address = styleText("cyan", `${url}${PATH}/`);
        server.config.logger.info(
          `  ${styleText("green", "➜")}  ${styleText("bold", "Scope")}:   ${address}`,
        );
      }
    };
  }
}
