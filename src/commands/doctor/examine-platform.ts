import { isOutage } from "../../client/index.ts";
import { flatten } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { type PromptRef, refText } from "../../prompt.ts";
import { isMissing } from "../fetch-versions.ts";
import { tryConnection } from "../try-connection.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** The platform refuses tokens when the two clocks are further apart than this. */
const MAX_SKEW_MS = 60_000;

/** Requested if the project has no prompt: a 404 for this name shows that the login works. */
const NOBODY: PromptRef = { name: "scope-gen-doctor", pin: { kind: "label", label: "production" } };

/** Logs in, asks for one prompt, and compares the clocks. */
export async function examinePlatform(
  options: ResolvedOptions,
  known: PromptRef | undefined,
): Promise<readonly Finding[]> {
  if (options.connection.credentials === undefined || options.fetch === "never") {
    const why = options.fetch === "never" ? 'fetch is "never"' : "there are no credentials";
    return [ok("login", `Not tried: ${why}.`)];
  }
  const ref = known ?? NOBODY;
  const { isLoggedIn, loginUrl, clockAheadMs, error } = await tryConnection(options.connection, ref);
  const findings: Finding[] = [];
  const host = new URL(options.connection.baseUrl).host;
  if (!isLoggedIn) {
    const what = isScopeError(error) ? error.message : "The login failed.";
    const hint = isScopeError(error) ? error.hint : undefined;
    findings.push(problem("login", what, hint ?? "Check SCOPE_AUTH_API_URL and the network."));
  } else {
    findings.push(ok("login", loginText(loginUrl)));
    findings.push(promptFinding(error, ref, host, known !== undefined));
  }
  if (clockAheadMs !== undefined) findings.push(clockFinding(clockAheadMs));
  return findings;
}

/** Where the token came from, with the route: there are two. */
function loginText(url: string | undefined): string {
  if (url === undefined) return "not needed: credentials.getToken() returned a token";
  const { host, pathname } = new URL(url);
  return `works at ${host}${pathname}`;
}

function promptFinding(error: unknown, ref: PromptRef, host: string, isKnown: boolean): Finding {
  if (error === undefined || (!isKnown && isMissing(error))) return ok("platform", `responds at ${host}`);
  const [first] = flatten(error);
  const message = isScopeError(first) ? first.message : "The prompt couldn't be fetched.";
  const hint = isScopeError(first) ? first.hint : undefined;
  if (isMissing(error))
    return problem(
      "platform",
      message,
      hint ?? `Create ${refText(ref)} on the platform, or remove its import.`,
    );
  return problem(
    "platform",
    message,
    hint ?? (isOutage(error) ? "Check SCOPE_API_URL and the network." : undefined),
  );
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
