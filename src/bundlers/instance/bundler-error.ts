import { formatError } from "../../errors/format-error.ts";

/** An error as a bundler shows it: our text without our stack. */
export function bundlerError(error: unknown, cwd = process.cwd()): Error {
  const text = formatError(error, { cwd });
  // Bun shows the code where an error was created, even if its stack is changed later.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const plain = new Error(text);
  Error.stackTraceLimit = limit;
  plain.name = "ScopeError";
  plain.stack = plain.message;
  return plain;
}
