import { flatten, formatError, hintText, shortPath } from "../errors/format-error.ts";
import { isScopeError, type Where } from "../errors/scope-error.ts";
import { ScopeErrors } from "../errors/scope-errors.ts";

const PUBLIC_FIELDS = [
  "missingVariables",
  "httpStatus",
  "errorCode",
  "requestId",
  "field",
  "retryAfter",
  "promptId",
] as const;

/** The additional fields of some error classes. */
type PublicFields = { readonly [Name in (typeof PUBLIC_FIELDS)[number]]?: unknown };

export interface JsonError extends PublicFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: Where;
  /** The single errors, when there are several. */
  readonly errors?: readonly JsonError[];
}

/** An error as `--json` prints it; files below `cwd` are relative to it. */
export function errorToJson(error: unknown, cwd: string): JsonError {
  if (!isScopeError(error)) {
    // The first line of the printed form, which is also all that is shown of another library's error.
    const [line = ""] = formatError(error).split("\n");
    const [code = "", ...message] = line.split("  ");
    return { code, message: message.join("  ") };
  }
  const { code, message, where } = error;
  const hint = hintText(error, cwd);
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where: shortWhere(where, cwd) }),
    ...publicFields(error as PublicFields),
    ...(error instanceof ScopeErrors
      ? {
          errors: flatten(error)
            .map((one) => errorToJson(one, cwd))
            .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        }
      : {}),
  };
}

function publicFields(error: PublicFields): PublicFields {
  return Object.fromEntries(
    PUBLIC_FIELDS.map((name) => [name, error[name]] as const).filter(([, value]) => value !== undefined),
  );
}

function shortWhere(where: Where, cwd: string): Where {
  const { file, importedBy } = where;
  return {
    ...where,
    ...(file === undefined ? {} : { file: shortPath(file, cwd) }),
    ...(importedBy === undefined ? {} : { importedBy: shortPath(importedBy, cwd) }),
  };
}
