import type { ResolvedConnection } from "../../client/connection/types.ts";
import type { Transport } from "../../client/http/transport.ts";
import { createUndiciTransport } from "../../client/http/undici-transport.ts";
import { isOutage } from "../../client/index.ts";
import { openRequester } from "../../client/open-requester.ts";
import { hasProxy, processEnv } from "../../environment.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { isMissing } from "../fetch-versions.ts";
import { type Finding, ok, problemsOf } from "./finding.ts";

/** Requested if the project has no prompt: a 404 for this name shows that the login works. */
const NOBODY: PromptRef = { name: "scope-gen-doctor", pin: { kind: "label", label: "production" } };

/**
 * Logs in, and asks for one prompt.
 *
 * @param known a prompt of the project; undefined if it has none
 */
export async function examinePlatform(
  options: ResolvedOptions,
  known: PromptRef | undefined,
  cwd: string,
): Promise<readonly Finding[]> {
  if (options.connection.credentials === undefined || options.fetch === "never") {
    const why = options.fetch === "never" ? 'fetch is "never"' : "there are no credentials";
    return [ok("login", `Not tried: ${why}.`)];
  }
  const ref = known ?? NOBODY;
  const { isLoggedIn, loginUrl, error } = await tryConnection(options.connection, ref);
  if (!isLoggedIn) return problemsOf("login", error, cwd, "Check SCOPE_AUTH_API_URL and the network.");
  const login = ok("login", loginText(loginUrl));
  if (error === undefined || (known === undefined && isMissing(error)))
    return [login, ok("platform", `responds at ${new URL(options.connection.baseUrl).host}`)];
  const fix = isMissing(error)
    ? `Create ${refText(ref)} on the platform, or remove its import.`
    : isOutage(error)
      ? "Check SCOPE_API_URL and the network."
      : undefined;
  return [login, ...problemsOf("platform", error, cwd, fix)];
}

/** Where the token came from, with the route: there are two. */
function loginText(url: string | undefined): string {
  if (url === undefined) return "not needed: credentials.getToken() returned a token";
  const { host, pathname } = new URL(url);
  return `works at ${host}${pathname}`;
}

/** Long enough for a slow network; somebody is waiting at a terminal. */
const PATIENCE_MS = 10_000;

/** Logs in and asks for one prompt, once: no retries. */
async function tryConnection(connection: ResolvedConnection, ref: PromptRef) {
  let isLoggedIn = false;
  let loginUrl: string | undefined;
  const transport = createUndiciTransport({
    openTimeoutMs: Math.min(connection.openTimeoutMs, PATIENCE_MS),
    useProxy: hasProxy(processEnv()),
  });
  const watching: Transport = {
    close: () => transport.close(),
    async request(request) {
      // The request for the prompt has the token, from a login or `getToken()`.
      if (request.method === "GET") isLoggedIn = true;
      const response = await transport.request(request);
      if (request.method === "POST" && response.status === 200) loginUrl = request.origin + request.path;
      return response;
    },
  };
  const timeoutMs = Math.min(connection.timeoutMs, PATIENCE_MS);
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
  return { isLoggedIn, loginUrl, error };
}
