import { visit } from "jsonc-parser";
import type { ConfigurationError } from "../../../errors/classes.ts";
import { loadFailed, type Place } from "./load-failed.ts";

/** A config in JSON or YAML that doesn't parse. Without the line itself, which may contain credentials. */
export function dataFailed(file: string, text: string, error: unknown): ConfigurationError {
  if (file.endsWith(".json")) return loadFailed(file, "This file isn't JSON.", { place: jsonPlace(text) });
  const { reason, mark } = Object(error) as { reason?: string; mark?: { line: number; column: number } };
  const place = mark && { line: mark.line + 1, column: mark.column + 1 };
  return loadFailed(file, `This file isn't YAML${reason === undefined ? "" : `: ${reason}`}.`, { place });
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
