import { isOutage } from "../../client/index.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { isMissing } from "../fetch-versions.ts";
import { tryConnection } from "../try-connection.ts";
import { type Finding, ok, problemsOf, warning } from "./finding.ts";

/** The platform refuses tokens when the two clocks are further apart than this. */
const MAX_SKEW_MS = 60_000;

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
  if (options.connection.credentials === undefined || options.fetch === "never") {
    const why = options.fetch === "never" ? 'fetch is "never"' : "there are no credentials";
    return [ok("login", `Not tried: ${why}.`)];
  }
  const ref = known ?? NOBODY;
  const { isLoggedIn, loginUrl, clockAheadMs, error } = await tryConnection(options.connection, ref);
  const host = new URL(options.connection.baseUrl).host;
  const clock = clockAheadMs === undefined ? [] : [clockFinding(clockAheadMs)];
  if (!isLoggedIn)
    return [...problemsOf("login", error, cwd, "Check SCOPE_AUTH_API_URL and the network."), ...clock];
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
