import type { ModuleResponse } from "./exchange.ts";

/**
 * Prints what the build said; gives the module's path.
 *
 * @throws an Error whose text is for a person, with the error's `code` and no stack: it would be ours, not theirs
 */
export function readOut({ file, error, notes }: ModuleResponse): string | undefined {
  for (const { text } of notes) console.error(text);
  if (error === undefined) return file;
  const failure = Object.assign(new Error(error.text), { code: error.code });
  failure.name = "";
  failure.stack = error.text;
  throw failure;
}
