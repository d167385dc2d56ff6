import type { ResolvedConnection } from "../../client/connection/types.ts";
import type { Transport } from "../../client/http/transport.ts";
import { createUndiciTransport } from "../../client/http/undici-transport.ts";
import { isOutage } from "../../client/index.ts";
import { Requester } from "../../client/requester.ts";
import { hasProxy, processEnv } from "../../environment.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { isMissing } from "../fetch-versions.ts";
import { type Finding, ok, problemsOf, warning } from "./finding.ts";

/** The platform refuses tokens when the two clocks are further apart than this. */
const MAX_SKEW_MS = 60_000;

/** Long enough for a slow network; somebody is waiting at a terminal. */
const PATIENCE_MS = 10_000;

/** Requested if the project has no prompt: a 404 for this name shows that the login works. */
const NOBODY: PromptRef = { name: "scope-gen-doctor", pin: { kind: "label", label: "production" } };

/**
 * Logs in, asks for one prompt, and compares the clocks.
 *
 * @param known a prompt of the project; undefined if it has none
 */
export async function examinePlatform(
  options: ResolvedOptions,
  known: PromptRef | undefined,
  cwd: string,
): Promise<readonly Finding[]> {
  const { baseUrl, credentials } = options.connection;
  if (baseUrl === undefined || credentials === undefined || options.fetch === "never") {
    const lack = credentials === undefined ? "there are no credentials" : "there's no address";
    const why = options.fetch === "never" ? 'fetch is "never"' : lack;
    return [ok("login", `Not tried: ${why}.`)];
  }
  const ref = known ?? NOBODY;
  const { isLoggedIn, loginUrl, clockAheadMs, error } = await tryOnce(options.connection, ref);
  const host = new URL(baseUrl).host;
  const clock = clockAheadMs === undefined ? [] : [clockFinding(clockAheadMs)];
  if (!isLoggedIn)
    return [
      ...problemsOf("login", error, cwd, "Check SCOPE_API_URL, SCOPE_AUTH_API_URL and the network."),
      ...clock,
    ];
  const login = ok("login", loginText(loginUrl));
  if (error === undefined || (known === undefined && isMissing(error)))
    return [login, ok("platform", `responds at ${host}`), ...clock];
  const fix = isMissing(error)
    ? `Create ${refText(ref)} on the platform, or remove its import.`
    : isOutage(error)
      ? "Check SCOPE_API_URL and the network."
      : undefined;
  return [login, ...problemsOf("platform", error, cwd, fix), ...clock];
}

/** What one attempt to reach the platform showed. */
interface Trial {
  /** There was a token, from a login or `getToken()`. */
  isLoggedIn: boolean;
  /** Address and path that the login worked at; undefined when none did. */
  loginUrl?: string;
  /** How far this machine's clock is ahead of the server's, in ms; undefined when no response gave a time. */
  clockAheadMs?: number;
  /** Why the prompt couldn't be fetched; undefined when it was. */
  error?: unknown;
}

/** Logs in and asks for one prompt, once: no retries. */
async function tryOnce(connection: ResolvedConnection, ref: PromptRef): Promise<Trial> {
  const trial: Trial = { isLoggedIn: false };
  const timeoutMs = Math.min(connection.timeoutMs, PATIENCE_MS);
  const transport = createUndiciTransport({
    openTimeoutMs: Math.min(connection.openTimeoutMs, PATIENCE_MS),
    useProxy: hasProxy(processEnv()),
  });
  const watching: Transport = {
    close: () => transport.close(),
    async request(request) {
      // The request for the prompt has the token.
      if (request.method === "GET") trial.isLoggedIn = true;
      const sentAt = Date.now();
      const response = await transport.request(request);
      const serverTime = Date.parse(response.header("date") ?? "");
      // The response was written sometime between the two, to the second.
      if (!Number.isNaN(serverTime)) trial.clockAheadMs = (sentAt + Date.now()) / 2 - (serverTime + 500);
      if (request.method === "POST" && response.status === 200)
        trial.loginUrl = request.origin + request.path;
      return response;
    },
  };
  const requester = new Requester(
    { ...connection, timeoutMs, deadlineMs: 2 * PATIENCE_MS, maxRetries: 0 },
    { transport: watching },
  );
  try {
    await requester.fetchFirst(ref);
  } catch (error) {
    trial.error = error;
  } finally {
    await requester.close();
  }
  return trial;
}

/** Where the token came from, with the route: there are two. */
function loginText(url: string | undefined): string {
  if (url === undefined) return "not needed: credentials.getToken() returned a token";
  const { host, pathname } = new URL(url);
  return `works at ${host}${pathname}`;
}

function clockFinding(aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= MAX_SKEW_MS) return ok("clock", "agrees with the platform's");
  return warning(
    "clock",
    `This machine's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} the platform's.`,
    "Synchronise it with a time server: the platform can refuse tokens while the clocks differ.",
  );
}
