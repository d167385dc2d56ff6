import { readableError } from "../../errors/readable-error.ts";
import type { ModuleResponse } from "./exchange.ts";

/**
 * Prints the build's messages; returns the module's path.
 *
 * @throws an Error for a person with the error's `code`; see {@link readableError}
 */
export function readOut({ file, error, notes }: ModuleResponse): string | undefined {
  for (const { text } of notes) console.error(text);
  if (error === undefined) return file;
  throw readableError(error.text, error.code);
}
