import { ConfigurationError } from "../errors/classes.ts";
import { liveRegistry } from "./live-registry.ts";
import type { LiveConfiguration, LiveStatus } from "./live-types.ts";

/** What an option has to be; numbers are more than 0 unless they may be 0. */
const KINDS: Readonly<Record<keyof LiveConfiguration, string>> = {
  interval: "number",
  maxRequestsPerSecond: "number",
  baseUrl: "string",
  authApiUrl: "string",
  apiVersion: "string",
  environment: "string",
  timeout: "number",
  tokenRefreshBuffer: "number or 0",
  retryMaxDelay: "number or 0",
  maxBodyBytes: "number",
  allowInsecure: "boolean",
  credentials: "object",
  fetch: "function",
  waitUntil: "function",
  onRefresh: "function",
  onIncompatible: "function",
  onError: "function",
};

/**
 * Sets options of the live prompts in this process, before or after their modules are loaded. A later call adds to
 * an earlier one; an option that is `undefined` goes back to what build and environment say.
 *
 * @throws ConfigurationError `config_invalid` for an unknown option or a wrong type. Nothing is thrown by the looks
 * that follow: they tell `onError`.
 * @example configureLive({ interval: 30, onRefresh: ({ name, to }) => console.info(name, to.versionNumber) });
 */
export function configureLive(options: LiveConfiguration): void {
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
  const registry = liveRegistry();
  registry.options = { ...registry.options, ...options };
  registry.engine?.configured();
}

/**
 * Looks at the platform now, whatever the interval says: at one prompt, or at all that are loaded. Within
 * `maxRequestsPerSecond`, so with many prompts it takes its time. Makes no request under `SCOPE_LIVE=off`.
 *
 * @param name as the module's export `name` says it
 * @returns how the prompts stand after it. Never rejects: failures are in the status and go to `onError`.
 * @example await refreshLive("greeting-template");
 */
export function refreshLive(name?: string): Promise<readonly LiveStatus[]> {
  return liveRegistry().engine?.refresh(name) ?? Promise.resolve([]);
}

/**
 * How each live prompt that is loaded stands, in the order they were loaded.
 *
 * @example liveStatus().filter(({ status }) => status === "stale")
 */
export function liveStatus(): readonly LiveStatus[] {
  return liveRegistry().engine?.status() ?? [];
}

function checkOption(name: string, value: unknown): void {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name as keyof LiveConfiguration] : undefined;
  if (kind === undefined)
    throw invalid(`Unknown option "${name}".`, `Known are ${Object.keys(KINDS).join(", ")}.`);
  if (value === undefined) return;
  const [type] = kind.split(" ") as [string];
  const isRight =
    type === "number"
      ? typeof value === "number" && (value > 0 || (value === 0 && kind !== type)) && value < Infinity
      : typeof value === type && value !== null;
  if (!isRight) throw invalid(`${name} must be ${wanted(kind)}.`);
}

function wanted(kind: string): string {
  if (kind === "number") return "a number above 0";
  return kind === "number or 0" ? "a number, 0 or more" : `${kind === "object" ? "an" : "a"} ${kind}`;
}

function invalid(message: string, hint?: string): ConfigurationError {
  return new ConfigurationError(`configureLive: ${message}`, { code: "config_invalid", hint });
}
