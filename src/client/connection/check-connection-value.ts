import { ConfigurationError } from "../../errors/classes.ts";
import type { ErrorCode } from "../../errors/codes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import type { ConnectionOption } from "./connection-schema.ts";

/**
 * An environment variable's text, converted to the option's kind. If that isn't possible, it stays a text and fails the
 * check.
 */
export function parseEnv(option: ConnectionOption, text: string): unknown {
  if (option.kind === "text" || option.kind === "url") return text;
  // `Number` alone would also accept "0x10", " " and "1e3", which nobody means in an environment variable.
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * The value, if it's of the option's kind and within its bounds; an address loses its trailing slash.
 *
 * @param name what the user set: the option, or the environment variable
 * @throws ConfigurationError
 */
export function checkValue(name: string, option: ConnectionOption, value: unknown): unknown {
  switch (option.kind) {
    case "switch":
      if (typeof value !== "boolean") throw wrongType(name, "true or false", value);
      return value;
    case "text":
      if (typeof value !== "string") throw wrongType(name, "text", value);
      // These go into a path or a header unchanged.
      if (value === "." || value === ".." || !/^[\w.~-]+$/.test(value)) {
        throw invalid(`${name} can only contain letters, digits and . _ ~ -, but is ${show(value)}.`);
      }
      return value;
    case "url":
      if (typeof value !== "string") throw wrongType(name, "an https:// address", value);
      return checkUrl(name, value);
    default:
      return checkNumber(name, option, value);
  }
}

function checkNumber(name: string, option: NumberOptionOf, value: unknown): number {
  const unit = option.kind === "count" ? "" : ` ${option.kind}`;
  const range = `${option.above ? `more than ${option.min}` : `at least ${option.min}`} and at most ${option.max}${unit}`;
  if (typeof value !== "number" || Number.isNaN(value)) throw wrongType(name, `a number, ${range}`, value);
  if (value > option.max || value < option.min || (option.above === true && value === option.min)) {
    const meant = value / 1000;
    throw invalid(
      `${name} must be ${range}, but is ${value}.`,
      option.kind === "seconds" && value > option.max && meant <= option.max
        ? `It's in seconds: ${value} milliseconds are ${meant}.`
        : undefined,
    );
  }
  if (option.kind !== "seconds" && !Number.isInteger(value)) {
    throw invalid(`${name} must be a whole number, but is ${value}.`);
  }
  return value;
}
type NumberOptionOf = Extract<ConnectionOption, { readonly max: number }>;

/** An address without its trailing slash. Throws for what can't be one, as {@link checkValue} does. */
export function checkUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw invalid(`${name} must be an https:// address.`, 'For example "https://your-scope-url".');
  }
  // Not shown: the invalid part may be a password.
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalid(`${name} must be an address without user, password, query or fragment.`);
  }
  let address = `${url.origin}${url.pathname}`;
  while (address.endsWith("/")) address = address.slice(0, -1);
  return address;
}

/** @throws ConfigurationError `insecure_url` for an `http://` address that isn't this machine */
export function refuseInsecure(name: string, value: string): void {
  const url = new URL(value);
  if (url.protocol === "https:" || isLoopback(url.hostname)) return;
  throw invalid(
    `${name} is ${url.origin}: credentials and prompts would go over the network unencrypted.`,
    "Use https://, or set allowInsecure: true.",
    "insecure_url",
  );
}

/** Is a URL's host name this machine? The URL parser has already turned 127.1, 0x7f.1 and similar into four parts. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|\[::1\]|127(?:\.\d+){3})$/.test(hostname);
}

/** A value as an error message shows it: short, and never an object's contents. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}

function wrongType(name: string, wanted: string, value: unknown): ConfigurationError {
  return invalid(`${name} must be ${wanted}, but is ${show(value)}.`);
}

/**
 * Refuses a key that isn't known, and names the nearest one that is.
 *
 * @param place what stands before the key in the message, such as `credentials.`
 * @throws ConfigurationError
 */
export function refuseUnknown(given: object, known: readonly string[], place = ""): void {
  const key = Object.keys(given).find((one) => !known.includes(one));
  if (key === undefined) return;
  const all = `The options are ${known.toSorted().join(", ")}.`;
  throw invalid(`Unknown option "${place}${key}".`, didYouMean(key, known, all));
}

export function invalid(
  message: string,
  hint?: string,
  code: ErrorCode = "config_invalid",
): ConfigurationError {
  return new ConfigurationError(message, { code, hint });
}
