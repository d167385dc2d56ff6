import { relative } from "node:path";
import type { Change } from "../../contract/contract.ts";
import { flatten, formatError, hintText, shortPath } from "../../errors/format-error.ts";
import { toPosix } from "../../errors/printable.ts";
import { isScopeError, type Where } from "../../errors/scope-error.ts";
import { ScopeErrors } from "../../errors/scope-errors.ts";
import type { PromptRef } from "../../prompt.ts";
import type { CallPlace } from "../calls/broken-calls.ts";
import type { CostSides } from "../versions/prompt-cost.ts";

/** A prompt and its pin, as `--json` prints them. */
export function refJson({ name, pin }: PromptRef) {
  return { name, pin: pin.kind === "label" ? { label: pin.label } : { version: pin.versionId } };
}

/** What changed between two versions, as `--json` prints it. */
export function changesJson(changes: readonly Change[]) {
  return changes.map(({ kind, message }) => ({ kind, message }));
}

/** A call as `--json` prints it. */
export function callJson({ file, line, column, message }: CallPlace, cwd: string) {
  // The contract says relative, so a file outside the working directory gets a path with "..".
  return { file: toPosix(relative(cwd, file)), line, column, message };
}

/** Remarks about a pin, as `--json` prints them; left out if there are none. */
export function notesJson(notes: readonly string[]): { readonly notes?: readonly string[] } {
  return notes.length === 0 ? {} : { notes };
}

/** What two versions cost, as `--json` prints it; left out where they cost the same, or it isn't known. */
export function costJson(cost: CostSides | undefined) {
  const { from = null, to = null } = cost ?? {};
  return from?.tokens === to?.tokens && from?.prefix === to?.prefix ? {} : { cost: { from, to } };
}

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

interface JsonError extends PublicFields {
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
  const fields = PUBLIC_FIELDS.map((name) => [name, (error as PublicFields)[name]] as const);
  const inside = error instanceof ScopeErrors && flatten(error).map((one) => errorToJson(one, cwd));
  return {
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(where && {
      where: {
        ...where,
        ...(where.file !== undefined && { file: shortPath(where.file, cwd) }),
        ...(where.importedBy !== undefined && { importedBy: shortPath(where.importedBy, cwd) }),
      },
    }),
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ...(inside && { errors: inside.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }),
  };
}
