import { ConfigurationError } from "../../../errors/classes.ts";
import { hasConflictMarks } from "../../../files/read-file.ts";

export interface Place {
  readonly line?: number;
  readonly column?: number;
}

/** A config that can't be used, and where. */
export function loadFailed(
  file: string,
  message: string,
  {
    cause,
    hint,
    place = placeIn(file, cause),
  }: { cause?: unknown; hint?: string; place?: Place | undefined } = {},
): ConfigurationError {
  return new ConfigurationError(message, {
    code: "config_load_failed",
    where: { file, ...place },
    hint,
    cause,
  });
}

/** Line and column of an error within the config, from a syntax error's place or the thrown error's stack. */
function placeIn(file: string, error: unknown): Place {
  if (!(error instanceof Error)) return {};
  const loc = (error as { loc?: { line?: unknown; column?: unknown } }).loc;
  if (typeof loc?.line === "number" && typeof loc.column === "number") {
    return { line: loc.line, column: loc.column + 1 };
  }
  const at = error.stack?.split(file).find((rest, index) => index > 0 && /^:\d+:\d+/.test(rest));
  const [, line, column] = /^:(\d+):(\d+)/.exec(at ?? "") ?? [];
  if (line === undefined) return {};
  // A parser counts columns from 0. A thrown error has the column of compiled code, which helps nobody.
  const isParsed = /^ParseError\b/.test(error.message);
  return { line: Number(line), ...(isParsed ? { column: Number(column) + 1 } : {}) };
}

/** A config that a merge left its marks in. */
export function inConflict(file: string, text: string): ConfigurationError {
  const line = text.split("\n").findIndex(hasConflictMarks) + 1;
  return loadFailed(file, "The config contains the marks of a merge conflict.", {
    place: { line },
    hint: "Keep what you need from both sides, remove the marks, and run: scope-gen types",
  });
}
