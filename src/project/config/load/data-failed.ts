import type { ConfigurationError } from "../../../errors/classes.ts";
import { findJsonProblem, placeIn } from "../../../errors/json-problem.ts";
import { loadFailed } from "./load-failed.ts";

/** A config in JSON or YAML that doesn't parse. Without the line itself, which may contain credentials. */
export function dataFailed(file: string, text: string, error: unknown): ConfigurationError {
  if (file.endsWith(".json")) return loadFailed(file, "This file isn't JSON.", { place: jsonPlace(text) });
  const { reason, mark } = Object(error) as { reason?: string; mark?: { line: number; column: number } };
  const place = mark && { line: mark.line + 1, column: mark.column + 1 };
  return loadFailed(file, `This file isn't YAML${reason === undefined ? "" : `: ${reason}`}.`, { place });
}

function jsonPlace(text: string) {
  const index = findJsonProblem(text);
  if (index === undefined) return undefined;
  const { frame: _, ...place } = placeIn(text, index);
  return place;
}
