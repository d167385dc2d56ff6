import { VARIABLE } from "../../template/parse-scope.ts";

/**
 * Splits a template as `template/parse-scope.ts` does, in fewer bytes: texts, and between each two of them the name of a
 * variable, so that the names are at the odd places.
 *
 * @example splitTemplate("Hello {{name}}!") // ["Hello ", "name", "!"]
 */
export function splitTemplate(text: string): readonly string[] {
  return text.split(VARIABLE);
}
