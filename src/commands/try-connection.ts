import type { ResolvedConnection } from "../client/connection/types.ts";
import type { Transport } from "../client/http/transport.ts";
import { createUndiciTransport } from "../client/http/undici-transport.ts";
import { openRequester } from "../client/open-requester.ts";
import { hasProxy, processEnv } from "../environment.ts";
import type { PromptRef } from "../prompt.ts";

/** What one attempt to reach the platform showed. */
export interface ConnectionTrial {
  /** There was a token, from a login or `getToken()`. */
  readonly isLoggedIn: boolean;
  /** Address and path that the login worked at; undefined when none did. */
  readonly loginUrl: string | undefined;
  /** How far this machine's clock is ahead of the server's, in ms; undefined when no response gave a time. */
  readonly clockAheadMs: number | undefined;
  /** Why the prompt couldn't be fetched; undefined when it was. */
  readonly error: unknown;
}

/** Long enough for a slow network; somebody is waiting at a terminal. */
const PATIENCE_MS = 10_000;

/** Logs in and asks for one prompt, once: no retries. */
export async function tryConnection(
  connection: ResolvedConnection,
  ref: PromptRef,
): Promise<ConnectionTrial> {
  let isLoggedIn = false;
  let loginUrl: string | undefined;
  let clockAheadMs: number | undefined;
  const timeoutMs = Math.min(connection.timeoutMs, PATIENCE_MS);
  const transport = createUndiciTransport({
    openTimeoutMs: Math.min(connection.openTimeoutMs, PATIENCE_MS),
    useProxy: hasProxy(processEnv()),
  });
  const watching: Transport = {
    close: () => transport.close(),
    async request(request) {
      // The request for the prompt has the token.
      if (request.method === "GET") isLoggedIn = true;
      const sentAt = Date.now();
      const response = await transport.request(request);
      const serverTime = Date.parse(response.header("date") ?? "");
      // The response was written sometime between the two, to the second.
      if (!Number.isNaN(serverTime)) clockAheadMs = (sentAt + Date.now()) / 2 - (serverTime + 500);
      if (request.method === "POST" && response.status === 200) loginUrl = request.origin + request.path;
      return response;
    },
  };
  const requester = openRequester(
    { ...connection, timeoutMs, deadlineMs: 2 * PATIENCE_MS, maxRetries: 0 },
    { transport: watching },
  );
  let error: unknown;
  try {
    await requester.fetchFirst(ref);
  } catch (thrown) {
    error = thrown;
  } finally {
    await requester.close();
  }
  return { isLoggedIn, loginUrl, clockAheadMs, error };
}
