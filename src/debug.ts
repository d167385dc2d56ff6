import { debuglog } from "node:util";
import { printableLine } from "./errors/printable.ts";

const log = debuglog("unplugin-scope");

/** Does `NODE_DEBUG` ask for the lines of {@link debug}? Read once, when the process starts. */
export function isDebugging(): boolean {
  return log.enabled;
}

/**
 * A line about what was resolved, fetched or cached, and why: to stderr, if `NODE_DEBUG=unplugin-scope` asks for it.
 * Never put a header, body or template in it.
 *
 * @param line only called if it's printed
 */
export function debug(line: () => string): void {
  if (log.enabled) log("%s", printableLine(line()));
}
