import { checkValue, invalid, show } from "../client/connection/check-connection-value.ts";
import { CONNECTION_OPTIONS, type ConnectionOption } from "../client/connection/connection-schema.ts";
import { checkCredentials } from "../client/connection/credentials.ts";
import type { CredentialsSource } from "../client/connection/credentials-source.ts";
import type { ConfigurationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { printableLine } from "../errors/printable.ts";
import { liveRegistry } from "./live-registry.ts";
import type { LiveConfiguration, LiveStatus } from "./live-types.ts";

/** The expected value of an option: the same as in the config if it's one of the config's. */
const OPTIONS: Readonly<Record<keyof LiveConfiguration, ConnectionOption | "credentials" | "function">> = {
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
 * are the config's. The polls that follow don't throw: they call `onError`.
 * @example configureLive({ interval: 30, onRefresh: ({ name, to }) => console.info(name, to.versionNumber) });
 */
export function configureLive(options: LiveConfiguration): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw refusal(`its options must be an object, but are ${show(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
  const registry = liveRegistry();
  const all = Object.entries({ ...registry.options, ...options });
  registry.options = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  registry.engine?.configured();
}

/**
 * Polls the platform now, regardless of the interval: for one prompt, or for all that are loaded. Keeps to
 * `maxRequestsPerSecond`, so it takes a while with many prompts. Makes no request under `SCOPE_LIVE=off`.
 *
 * @param name as in the module's export `name`; if no loaded prompt has it, `console.warn` reports it once
 * @returns the state of the prompts afterwards. Never rejects: failures are in the status and go to `onError`.
 * @example await refreshLive("greeting-template");
 */
export function refreshLive(name?: string): Promise<readonly LiveStatus[]> {
  if (name !== undefined) warnUnknownPrompt(name, [...new Set(liveStatus().map((status) => status.name))]);
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

function checkOption(name: string, value: unknown): void {
  if (!Object.hasOwn(OPTIONS, name)) {
    const known = Object.keys(OPTIONS);
    throw refusal(
      `Unknown option ${show(name)}.`,
      didYouMean(name, known, `The options are ${known.join(", ")}.`),
    );
  }
  if (value === undefined) return;
  const option = OPTIONS[name as keyof LiveConfiguration];
  if (option === "credentials") checkCredentials(value as CredentialsSource);
  else if (option !== "function") checkValue(`configureLive: ${name}`, option, value);
  else if (typeof value !== "function") throw refusal(`${name} must be a function, but is ${show(value)}.`);
}

function refusal(message: string, hint?: string): ConfigurationError {
  return invalid(`configureLive: ${message}`, hint);
}

/** Names already warned about; a webhook can send the same one over and over, and any number of others. */
const warnedNames = new Set<string>();
const MAX_WARNED = 100;
const MAX_LISTED = 10;

/** Warns, once, that no live prompt has this name. To a caller it looks like a refresh that found nothing. */
function warnUnknownPrompt(name: string, loaded: readonly string[]): void {
  if (loaded.includes(name) || warnedNames.has(name) || warnedNames.size === MAX_WARNED) return;
  warnedNames.add(name);
  const more = loaded.length > MAX_LISTED ? ` and ${loaded.length - MAX_LISTED} more` : "";
  const listed = `Loaded are ${loaded.slice(0, MAX_LISTED).map(show).join(", ")}${more}.`;
  const hint = didYouMean(name, loaded, loaded.length > 0 ? listed : "None is loaded yet.");
  const text = `refreshLive: no live prompt is called ${show(name)}. ${hint}`;
  console.warn(`[unplugin-scope] ${printableLine(text)}`);
}
