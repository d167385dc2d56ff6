import { debuglog } from "node:util";
import { printableLine } from "./errors/printable.ts";

const log = debuglog("unplugin-scope");

/** Does `NODE_DEBUG` ask for the lines of {@link debug}? Read once, when the process begins. */
export function isDebugging(): boolean {
  return log.enabled;
}

/**
 * A line on what was resolved, fetched or cached, and why: to stderr, where `NODE_DEBUG=unplugin-scope` asks for it.
 * No header, body or template belongs in it.
 *
 * @param line called only where it is printed
 */
export function debug(line: () => string): void {
  if (log.enabled) log("%s", printableLine(line()));
}
