import { createServer } from "node:http";
import { LOOPBACK, listenOnLoopback, stopServer } from "../platform/loopback.ts";
import { INSPECTOR_PATH, InspectorHandler } from "./handler.ts";
import type { InspectorInput } from "./inspector.ts";

/** A running inspector. */
export interface RunningInspector {
  /** Address of the page. */
  readonly url: string;
  /** Stops at once, and closes the project's connections. */
  close(): Promise<void>;
}

/**
 * Starts the inspector on 127.0.0.1.
 *
 * @param port 0: any free port
 * @throws ScopeError `inspector_port_unavailable`
 */
export async function startInspector(input: InspectorInput, port: number): Promise<RunningInspector> {
  const server = createServer();
  const refusal = { server: "The inspector", code: "inspector_port_unavailable" } as const;
  const listening = await listenOnLoopback(server, port, refusal);
  const handler = new InspectorHandler(input);
  server.on("request", (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    if (path.startsWith(INSPECTOR_PATH)) {
      void handler.handle(request, response, path.slice(INSPECTOR_PATH.length));
    } else response.writeHead(302, { location: INSPECTOR_PATH }).end();
  });
  return {
    url: `http://${LOOPBACK}:${listening}${INSPECTOR_PATH}`,
    async close() {
      await stopServer(server);
      await handler.close();
    },
  };
}
