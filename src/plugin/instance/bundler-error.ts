import { asProjectRuns } from "../../config/package-manager.ts";
import { formatError } from "../../errors/format-error.ts";

/** An error as a bundler shows it: our text, nothing of our stack. */
export function bundlerError(error: unknown, cwd = process.cwd()): Error {
  const text = asProjectRuns(formatError(error, { color: false, cwd }), cwd);
  // Bun shows the code where an error was made, whatever its stack says later.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const plain = new Error(text);
  Error.stackTraceLimit = limit;
  plain.name = "ScopeError";
  plain.stack = plain.message;
  return plain;
}
