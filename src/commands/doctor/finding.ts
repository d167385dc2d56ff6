import { flatten, formatError, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { JsonObject } from "../../prompt.ts";

/** One thing that was examined. */
export interface Finding {
  /** What was examined, in a word or two. */
  readonly check: string;
  /** `problem`: something won't work; `warning`: it works, but not as it should. */
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do about it; null if there's nothing to do. */
  readonly fix: string | null;
  /** The forms in which the platform sent versions, for a report. */
  readonly forms?: readonly JsonObject[];
}

export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message, fix: null };
}

export function warning(check: string, message: string, fix: string): Finding {
  return { check, status: "warning", message, fix };
}

export function problem(check: string, message: string, fix: string | undefined): Finding {
  return { check, status: "problem", message, fix: fix ?? null };
}

/**
 * What kept something from being examined, one finding for each problem.
 *
 * @param fix used if the error doesn't say what to do
 */
export function problemsOf(check: string, error: unknown, cwd: string, fix?: string): readonly Finding[] {
  return flatten(error).map((one) => {
    if (!isScopeError(one)) return problem(check, formatError(one).split("\n")[0] ?? "", fix);
    const { message, hint, where } = one;
    const file = where?.file === undefined ? "" : `${shortPath(where.file, cwd)}: `;
    return problem(check, file + message, hint ?? fix);
  });
}
