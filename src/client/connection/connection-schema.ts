/**
 * The connection options as one table: kind, default, environment variable, bounds. The types, the validation, the
 * config loader's list of known keys and the docs must match it.
 */

interface TextOption {
  readonly kind: "text" | "url";
  /** Addresses have none: a secret is only sent to one that somebody wrote. */
  readonly default: string | undefined;
  readonly env?: string;
}

interface NumberOption {
  /** `seconds` and `bytes` are numbers with a unit; `count` is a whole number. */
  readonly kind: "seconds" | "count" | "bytes";
  readonly default: number;
  readonly env?: string;
  /** Smallest value; with `above`, the value must be greater than this. */
  readonly min: number;
  readonly above?: boolean;
  /** Largest value. Low enough to catch milliseconds written where seconds are meant. */
  readonly max: number;
}

interface SwitchOption {
  readonly kind: "switch";
  readonly default: boolean;
  readonly env?: string;
}

export type ConnectionOption = TextOption | NumberOption | SwitchOption;

export const CONNECTION_OPTIONS = {
  baseUrl: { kind: "url", default: undefined, env: "SCOPE_API_URL" },
  authApiUrl: { kind: "url", default: undefined, env: "SCOPE_AUTH_API_URL" },
  apiVersion: { kind: "text", default: "v1" },
  environment: { kind: "text", default: "production", env: "SCOPE_ENVIRONMENT" },
  timeout: { kind: "seconds", default: 30, min: 0, above: true, max: 600 },
  openTimeout: { kind: "seconds", default: 10, min: 0, above: true, max: 300 },
  deadline: { kind: "seconds", default: 120, min: 0, above: true, max: 3600 },
  cacheEnabled: { kind: "switch", default: true },
  cacheTtl: { kind: "seconds", default: 300, min: 0, max: 86_400 },
  cacheMaxStale: { kind: "seconds", default: 3600, min: 0, max: 604_800 },
  cacheMaxEntries: { kind: "count", default: 1000, min: 1, max: 1_000_000 },
  maxRetries: { kind: "count", default: 3, min: 0, max: 20 },
  retryBaseDelay: { kind: "seconds", default: 0.5, min: 0, max: 60 },
  retryMaxDelay: { kind: "seconds", default: 30, min: 0, max: 600 },
  telemetryEnabled: { kind: "switch", default: true },
  tokenRefreshBuffer: { kind: "seconds", default: 60, min: 0, max: 3600, env: "SCOPE_TOKEN_REFRESH_BUFFER" },
  maxBodyBytes: { kind: "bytes", default: 10_485_760, min: 1, max: 268_435_456 },
  allowInsecure: { kind: "switch", default: false },
} as const satisfies Record<string, ConnectionOption>;

type Options = typeof CONNECTION_OPTIONS;
type ValueOf<T> = T extends number ? number : T extends boolean ? boolean : string | Extract<T, undefined>;

/** Every connection option except credentials and store, with its value; times in seconds. */
export type ConnectionValues = { readonly [K in keyof Options]: ValueOf<Options[K]["default"]> };

/** The same values, with the times in milliseconds. */
export type InMilliseconds = {
  readonly [K in keyof Options as Options[K]["kind"] extends "seconds" ? `${K}Ms` : K]: ConnectionValues[K];
};

/** Every name in {@link ConnectionOptions}, for code that validates them together with other options. */
export const CONNECTION_OPTION_NAMES: readonly string[] = [
  "credentials",
  "cacheStore",
  "roles",
  ...Object.keys(CONNECTION_OPTIONS),
];
