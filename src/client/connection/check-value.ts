import { ConfigurationError } from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import type { ScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";

/** What is wrong with a set of options, so that all of it is reported at once. */
export interface Problems {
  /** The file that the options are in; undefined for code and the environment. */
  readonly file?: string | undefined;
  readonly errors: ScopeError[];
}

/** What `work` returns. If it found problems, it throws the one ConfigurationError, or ScopeErrors with all of them. */
export function checked<T>(work: (problems: Problems) => T): T {
  const errors: ScopeError[] = [];
  const value = work({ errors });
  throwProblems(errors);
  return value;
}

/** @throws ConfigurationError for one problem, ScopeErrors for several */
export function throwProblems(errors: readonly ScopeError[]): void {
  throwAll(errors, "options can't be used");
}

export function reportProblem(
  { file, errors }: Problems,
  message: string,
  hint?: string,
  code: ErrorCode = "config_invalid",
): undefined {
  errors.push(new ConfigurationError(message, { code, hint, where: file === undefined ? file : { file } }));
}

export function reportWrong(
  problems: Problems,
  name: string,
  wanted: string,
  value: unknown,
  hint?: string,
): undefined {
  reportProblem(problems, `${name} must be ${wanted}, but is ${show(value)}.`, hint);
}

/** @param place which options it's in, for the message */
export function reportUnknown(
  problems: Problems,
  key: string,
  known: readonly string[],
  path = key,
  place = "",
): undefined {
  const all = `The options are ${known.toSorted().join(", ")}.`;
  reportProblem(problems, `Unknown option "${path}"${place}.`, didYouMean(key, known, all));
}

/** @throws ConfigurationError for keys that aren't known, with the nearest one that is */
export function refuseUnknown(given: object, known: readonly string[]): void {
  checked((problems) => {
    for (const key of Object.keys(given)) if (!known.includes(key)) reportUnknown(problems, key, known);
  });
}

/** What a plain option can be. */
export interface ValueOption {
  /** `seconds` and `bytes` are numbers with a unit; `count` is a whole number. */
  readonly kind: "text" | "url" | "switch" | "seconds" | "count" | "bytes";
  /** Addresses have none: a secret is only sent to one that somebody wrote. */
  readonly default: string | number | boolean | undefined;
  readonly env?: string;
  /** Smallest number; with `above`, it must be greater than this. */
  readonly min?: number;
  readonly above?: boolean;
  /** Largest number. Low enough to catch milliseconds written where seconds are meant. */
  readonly max?: number;
}

/** The value, if it's right; an address loses its trailing slash. `name`: the option or variable that the user set. */
export function checkValue(option: ValueOption, value: unknown, name: string, problems: Problems): unknown {
  switch (option.kind) {
    case "switch":
      return typeof value === "boolean" ? value : reportWrong(problems, name, "true or false", value);
    case "text":
      if (typeof value !== "string") return reportWrong(problems, name, "text", value);
      // These go into a path or a header unchanged.
      if (value !== "." && value !== ".." && /^[\w.~-]+$/.test(value)) return value;
      return reportProblem(
        problems,
        `${name} can only contain letters, digits and . _ ~ -, but is ${show(value)}.`,
      );
    case "url":
      if (typeof value !== "string") return reportWrong(problems, name, "an https:// address", value);
      return checkUrl(value, name, problems);
    default:
      return checkNumber(option, value, name, problems);
  }
}

function checkNumber(option: ValueOption, value: unknown, name: string, problems: Problems): unknown {
  const { kind, min = 0, above = false, max = Number.MAX_SAFE_INTEGER } = option;
  const range = `${above ? "more than" : "at least"} ${min} and at most ${max}${kind === "count" ? "" : ` ${kind}`}`;
  if (typeof value !== "number" || Number.isNaN(value))
    return reportWrong(problems, name, `a number, ${range}`, value);
  if (value > max || value < min || (above && value === min)) {
    const isMilliseconds = kind === "seconds" && value > max && value / 1000 <= max;
    const hint = `It's in seconds: ${value} milliseconds are ${value / 1000}.`;
    return reportWrong(problems, name, range, value, isMilliseconds ? hint : undefined);
  }
  if (kind === "seconds" || Number.isInteger(value)) return value;
  return reportWrong(problems, name, "a whole number", value);
}

/** An address without its trailing slash. */
function checkUrl(value: string, name: string, problems: Problems): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    return reportProblem(
      problems,
      `${name} must be an https:// address.`,
      'For example "https://your-scope-url".',
    );
  // Not shown: the invalid part may be a password.
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return reportProblem(problems, `${name} must be an address without user, password, query or fragment.`);
  return withoutSlashes(`${url.origin}${url.pathname}`);
}

function withoutSlashes(address: string): string {
  return address.endsWith("/") ? withoutSlashes(address.slice(0, -1)) : address;
}

/** An address without its optional `/api/{version}`; undefined if that contradicts `apiVersion`. */
export function withoutApiPath(address: string, apiVersion: string): string | undefined {
  const end = `/api/${apiVersion}`;
  if (address.endsWith(end)) return withoutSlashes(address.slice(0, -end.length));
  return /\/api\/v\d[^/]*$/.test(address) ? undefined : address;
}

/** Is a URL's host name this machine? The URL parser has already turned 127.1, 0x7f.1 and similar into four parts. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|\[::1\]|127(?:\.\d+){3})$/.test(hostname);
}

/** The error for a request when nobody has written the platform's address: a secret isn't sent to a default one. */
export function noAddress(): ConfigurationError {
  return new ConfigurationError("The address of the platform isn't set.", {
    code: "base_url_missing",
    hint: "Set SCOPE_API_URL or baseUrl: there's no default.",
  });
}

/** A value as an error message shows it: short, and never an object's contents. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
