import { asProjectRuns } from "../../config/package-manager.ts";
import { formatError } from "../../errors/format-error.ts";

/** An error as a bundler shows it: our text, nothing of our stack. */
export function bundlerError(error: unknown, cwd = process.cwd()): Error {
  const plain = new Error(asProjectRuns(formatError(error, { color: false, cwd }), cwd));
  plain.name = "ScopeError";
  plain.stack = plain.message;
  return plain;
}
