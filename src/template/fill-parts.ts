import { ValidationError } from "../errors/classes.ts";
import { MissingVariableError } from "../errors/render-errors.ts";
import type { TemplatePart } from "./parse-scope.ts";

/**
 * Fills the parsed templates of a prompt in one pass: a value comes out as it is and is never read as template text.
 * Only own properties of `values` count, so `{{constructor}}` needs a value like any other; unknown ones are ignored.
 *
 * @param names of the variables of all templates
 * @param prompt the prompt's name, for the error
 * @throws MissingVariableError `variable_missing`: no value, `null` or `undefined`; names everything that is missing
 * @throws ValidationError `variable_invalid`: a value that isn't a string, number, bigint or boolean
 * @example fillParts([parseScope("Hello {{name}}!")], ["name"], { name: "Ada" }, "greeting") // ["Hello Ada!"]
 */
export function fillParts(
  templates: readonly (readonly TemplatePart[])[],
  names: readonly string[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): string[] {
  const missingVariables = names.filter((name) => !Object.hasOwn(values, name) || values[name] == null);
  if (missingVariables.length > 0) {
    // The helper of emitted modules uses the same words.
    throw new MissingVariableError(`Prompt "${prompt}" lacks ${missingVariables.join(", ")}`, {
      code: "variable_missing",
      missingVariables,
      where: { prompt },
      hint: "Pass a string, number, bigint or boolean for every variable.",
    });
  }
  const textOf = (name: string): string => {
    const value = values[name];
    if (["string", "number", "bigint", "boolean"].includes(typeof value)) return String(value);
    const kind = Array.isArray(value)
      ? "an array"
      : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
    throw new ValidationError(
      `The value of ${name} in prompt "${prompt}" is ${kind}, but must be a string, number, bigint or boolean.`,
      { code: "variable_invalid", field: name, value, where: { prompt } },
    );
  };
  return templates.map((parts) =>
    parts.map((part) => (part.kind === "text" ? part.text : textOf(part.name))).join(""),
  );
}
