import {
  checked,
  checkValue,
  type Problems,
  reportProblem,
  reportUnknown,
  show,
  type ValueOption,
} from "../client/connection/check-value.ts";
import { CONNECTION_OPTIONS } from "../client/connection/connection.ts";
import { checkCredentials } from "../client/connection/credentials.ts";
import { isObject } from "../prompt.ts";
import { type LiveConfiguration, type LiveStatus, liveRegistry } from "./live-registry.ts";

/** The expected value of an option: the same as in the config if it's one of the config's. */
const OPTIONS: Readonly<Record<keyof LiveConfiguration, ValueOption | "credentials" | "function">> = {
  interval: { kind: "seconds", default: 60, min: 0, above: true, max: 86_400 },
  maxRequestsPerSecond: { kind: "count", default: 10, min: 1, max: 1000 },
  baseUrl: CONNECTION_OPTIONS.baseUrl,
  authApiUrl: CONNECTION_OPTIONS.authApiUrl,
  apiVersion: CONNECTION_OPTIONS.apiVersion,
  environment: CONNECTION_OPTIONS.environment,
  timeout: CONNECTION_OPTIONS.timeout,
  tokenRefreshBuffer: CONNECTION_OPTIONS.tokenRefreshBuffer,
  retryMaxDelay: CONNECTION_OPTIONS.retryMaxDelay,
  maxBodyBytes: CONNECTION_OPTIONS.maxBodyBytes,
  allowInsecure: CONNECTION_OPTIONS.allowInsecure,
  credentials: "credentials",
  fetch: "function",
  waitUntil: "function",
  onRefresh: "function",
  onIncompatible: "function",
  onError: "function",
};

/**
 * Sets options of the live prompts in this process, before or after their modules are loaded. A later call adds to an
 * earlier one; an option that is `undefined` goes back to what build and environment say.
 *
 * @throws ConfigurationError `config_invalid` for an unknown option, a wrong type or a value outside its limits, which
 * are the config's; ScopeErrors for several. The polls that follow don't throw: they call `onError`.
 * @example configureLive({ interval: 30, onRefresh: ({ name, to }) => console.info(name, to.versionNumber) });
 */
export function configureLive(options: LiveConfiguration): void {
  checked((problems) => {
    if (!isObject(options as unknown))
      return reportProblem(
        problems,
        `configureLive: its options must be an object, but are ${show(options)}.`,
      );
    for (const [name, value] of Object.entries(options)) checkOption(name, value, problems);
  });
  const registry = liveRegistry();
  const all = Object.entries({ ...registry.options, ...options });
  registry.options = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  registry.engine?.configured();
}

/**
 * Polls the platform now, regardless of the interval: for one prompt, or for all that are loaded. Keeps to
 * `maxRequestsPerSecond`, so it takes a while with many prompts. Makes no request under `SCOPE_LIVE=off`.
 *
 * @param name as in the module's export `name`
 * @returns the state of the prompts afterwards, empty if no loaded one has that name. Never rejects: failures are in the status and go to `onError`.
 * @example await refreshLive("greeting-template");
 */
export function refreshLive(name?: string): Promise<readonly LiveStatus[]> {
  return liveRegistry().engine?.refresh(name) ?? Promise.resolve([]);
}

/**
 * The state of each loaded live prompt, in the order they were loaded.
 *
 * @example liveStatus().filter(({ status }) => status === "stale")
 */
export function liveStatus(): readonly LiveStatus[] {
  return liveRegistry().engine?.status() ?? [];
}

function checkOption(name: string, value: unknown, problems: Problems): undefined {
  if (!Object.hasOwn(OPTIONS, name))
    return reportUnknown(problems, name, Object.keys(OPTIONS), name, " of configureLive");
  const option = value === undefined ? undefined : OPTIONS[name as keyof LiveConfiguration];
  if (option === "credentials") checkCredentials(value, name, problems);
  else if (option === "function" && typeof value !== "function")
    reportProblem(problems, `configureLive: ${name} must be a function, but is ${show(value)}.`);
  else if (typeof option === "object") checkValue(option, value, `configureLive: ${name}`, problems);
}
