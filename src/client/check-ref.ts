import { ValidationError } from "../errors/classes.ts";
import type { Label } from "../prompt.ts";
import { show } from "./connection/check-value.ts";

/**
 * Can a text be one segment of a path? Every URL parser on the way turns "." and ".." into a different path, encoded or
 * not; half a surrogate pair can't be encoded as UTF-8.
 */
export function canBeName(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && !/\p{Surrogate}/u.test(text);
}

/**
 * Returns the text itself if it {@link canBeName}.
 *
 * @throws ValidationError `name_invalid`
 */
export function checkName(value: unknown, field: "name" | "version", prompt: unknown): string {
  if (typeof value === "string" && canBeName(value)) return value;
  throw new ValidationError(`${show(value)} can't be a prompt ${field}.`, {
    code: "name_invalid",
    field,
    value,
    where: typeof prompt === "string" ? { prompt } : undefined,
    hint: "It can be any text that isn't empty, . or ..",
  });
}

/**
 * Returns the label if the platform serves it.
 *
 * @throws ValidationError `label_invalid` for any label except production and latest
 */
export function checkLabel(label: unknown): Label {
  if (label === "production" || label === "latest") return label;
  throw new ValidationError(`The label must be "production" or "latest", but is ${show(label)}.`, {
    code: "label_invalid",
    field: "label",
    value: label,
    hint: 'To get one version, use its ID: { version: "version_…" }.',
  });
}
