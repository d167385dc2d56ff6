import { ValidationError } from "../errors/classes.ts";
import { MissingVariableError } from "../errors/render-errors.ts";
import { type TemplatePart, variablesOf } from "./parse-scope.ts";

/**
 * Fills a parsed template in one pass: a value comes out as it is and is never read as template text. Only own
 * properties of `values` count, so `{{constructor}}` needs a value like any other; unknown ones are ignored.
 *
 * @param prompt the prompt's name, for the error
 * @throws MissingVariableError `variable_missing`: no value, `null` or `undefined`; names everything that is missing
 * @throws ValidationError `variable_invalid`: a value that isn't a string, number, bigint or boolean
 * @example fillParts(parseScope("Hello {{name}}!"), { name: "Ada" }, "greeting") // "Hello Ada!"
 */
export function fillParts(
  parts: readonly TemplatePart[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): string {
  let text = "";
  for (const part of parts) {
    if (part.kind === "text") {
      text += part.text;
      continue;
    }
    const value = ownValue(values, part.name);
    if (typeof value === "string") text += value;
    else if (isPlain(value)) text += String(value);
    else if (value === undefined || value === null) throw missing(variablesOf(parts), values, prompt);
    else throw invalid(part.name, value, prompt);
  }
  return text;
}

/**
 * The error for a render call, or undefined if every name has a value. For several templates with one set of values,
 * such as the messages of a chat prompt, so that one error names everything that is missing.
 */
export function findMissing(
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): MissingVariableError | undefined {
  const without = names.some((name) => isAbsent(ownValue(values, name)));
  return without ? missing(names, values, prompt) : undefined;
}

function missing(
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): MissingVariableError {
  const missingVariables = names.filter((name) => isAbsent(ownValue(values, name)));
  // The helper of emitted modules uses the same words.
  const message = `Prompt "${prompt}" lacks ${missingVariables.join(", ")}`;
  return new MissingVariableError(message, {
    code: "variable_missing",
    missingVariables,
    where: { prompt },
    hint: "Pass a string, number, bigint or boolean for every variable.",
  });
}

function invalid(name: string, value: unknown, prompt: string): ValidationError {
  return new ValidationError(
    `The value of ${name} in prompt "${prompt}" is ${kindOf(value)}, but must be a string, number, bigint or boolean.`,
    { code: "variable_invalid", field: name, value, where: { prompt } },
  );
}

function ownValue(values: Readonly<Record<string, unknown>> | null | undefined, name: string): unknown {
  return values != null && Object.hasOwn(values, name) ? values[name] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
