import type { ts } from "ts-morph";
import { ConfigurationError } from "../../errors/classes.ts";
import { ScopeErrors } from "../../errors/scope-errors.ts";
import { placeIn } from "./literals.ts";

/** Why a literal can't become a prompt, and where. */
export interface LiteralRefusal {
  readonly node: ts.Node;
  /** A whole sentence. */
  readonly why: string;
}

/**
 * The error for some refusals of one file.
 *
 * @returns `extract_refused`, or several of them
 */
export function refused(
  file: string,
  [first, ...others]: readonly [LiteralRefusal, ...LiteralRefusal[]],
): ConfigurationError | ScopeErrors {
  const errors = [first, ...others].map(({ node, why }) => refusal(file, why, placeIn(node)));
  if (others.length === 0) return errors[0] as ConfigurationError;
  return new ScopeErrors("This literal can't become a prompt.", { code: "several_errors", errors });
}

/** One `extract_refused`. */
export function refusal(
  file: string,
  why: string,
  place: { readonly line?: number; readonly column?: number } = {},
  hint?: string,
): ConfigurationError {
  return new ConfigurationError(why, { code: "extract_refused", where: { file, ...place }, hint });
}
