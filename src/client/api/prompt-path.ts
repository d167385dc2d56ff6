import { ValidationError } from "../../errors/classes.ts";
import type { Pin } from "../../prompt.ts";

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The path of one prompt version below the base URL. Names are encoded whole, so that `a/b` or `../../admin`
 * stays one segment.
 *
 * @throws ValidationError `name_invalid` for an empty name, `.`, `..` and text that has no encoding
 * @throws ValidationError `label_invalid` for a label other than production and latest
 */
export function promptPath(apiVersion: string, name: string, pin: Pin): string {
  const base = `/api/${apiVersion}/prompts/${encodeURIComponent(checkName(name, "name", name))}`;
  if (pin.kind === "version")
    return `${base}/versions/${encodeURIComponent(checkName(pin.versionId, "version", name))}`;
  return `${base}/${checkLabel(pin.label)}`;
}

/** @throws ValidationError `label_invalid` */
export function checkLabel(label: unknown): "production" | "latest" {
  if (label === "production" || label === "latest") return label;
  throw new ValidationError(`The label must be "production" or "latest", and is ${show(label)}.`, {
    code: "label_invalid",
    field: "label",
    value: label,
    hint: 'For one version ask by its ID: { version: "version_…" }.',
  });
}

/**
 * The text itself, when it can be one segment of a path.
 *
 * @throws ValidationError `name_invalid`
 */
export function checkName(value: unknown, field: "name" | "version", prompt: unknown): string {
  // "." and ".." mean another path to every URL parser on the way, encoded or not; half of a surrogate pair has
  // no UTF-8.
  if (
    typeof value === "string" &&
    value !== "" &&
    value !== "." &&
    value !== ".." &&
    !LONE_SURROGATE.test(value)
  ) {
    return value;
  }
  throw new ValidationError(`${show(value)} cannot be a prompt ${field}.`, {
    code: "name_invalid",
    field,
    value,
    where: typeof prompt === "string" ? { prompt } : undefined,
    hint: "It may be any text but the empty one, . and ..",
  });
}

function show(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : `of type ${value === null ? "null" : typeof value}`;
}
