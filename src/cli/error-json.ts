import { ScopeErrors } from "../errors/classes.ts";
import { flatten, formatError, shortPath } from "../errors/format-error.ts";
import { isScopeError, type Where } from "../errors/scope-error.ts";

export interface JsonError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: Where;
  /** The single faults, when there are several. */
  readonly errors?: readonly JsonError[];
}

/** An error as `--json` prints it; files below `cwd` are relative to it. */
export function errorToJson(error: unknown, cwd: string): JsonError {
  if (!isScopeError(error)) {
    // The first line of the printed form: a foreign error's text is shown no further than there.
    const [line = ""] = formatError(error).split("\n");
    const [code = "", ...message] = line.split("  ");
    return { code, message: message.join("  ") };
  }
  const { code, message, hint, where } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined
      ? {}
      : { where: where.file === undefined ? where : { ...where, file: shortPath(where.file, cwd) } }),
    ...(error instanceof ScopeErrors
      ? {
          errors: flatten(error)
            .map((one) => errorToJson(one, cwd))
            .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        }
      : {}),
  };
}
