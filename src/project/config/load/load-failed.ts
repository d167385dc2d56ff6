import { visit } from "jsonc-parser";
import { ConfigurationError } from "../../../errors/classes.ts";
import { hasConflictMarks } from "../../../files/conflict-marks.ts";

interface Place {
  readonly line?: number;
  readonly column?: number;
}

/** A config that can't be used, and where. */
export function loadFailed(
  file: string,
  message: string,
  cause?: unknown,
  place: Place = placeIn(file, cause),
): ConfigurationError {
  return new ConfigurationError(message, {
    code: "config_load_failed",
    where: { file, ...place },
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

/** A config in JSON or YAML that doesn't parse. Without the line itself, which may contain credentials. */
export function dataFailed(file: string, text: string, error: unknown): ConfigurationError {
  if (file.endsWith(".json")) return loadFailed(file, "This file isn't JSON.", undefined, jsonPlace(text));
  const { reason, mark } = Object(error) as { reason?: string; mark?: { line: number; column: number } };
  return loadFailed(
    file,
    `This file isn't YAML${reason === undefined ? "" : `: ${reason}`}.`,
    undefined,
    mark && { line: mark.line + 1, column: mark.column + 1 },
  );
}

/** The first token that JSON doesn't allow there; undefined if there is none, or no end to the levels of a text. */
function jsonPlace(text: string): Place | undefined {
  let first: Place | undefined;
  try {
    visit(
      text,
      {
        onError(_error, _offset, _length, line, column) {
          first ??= { line: line + 1, column: column + 1 };
        },
      },
      { disallowComments: true },
    );
  } catch (error) {
    // The parser recurses for each level.
    if (!(error instanceof RangeError)) throw error;
  }
  return first;
}

/** A config that a merge left its marks in. */
export function inConflict(file: string, text: string): ConfigurationError {
  const line = text.split("\n").findIndex(hasConflictMarks) + 1;
  return new ConfigurationError("The config contains the marks of a merge conflict.", {
    code: "config_load_failed",
    where: { file, line },
    hint: "Keep what you need from both sides, remove the marks, and run: scope-gen types",
  });
}
