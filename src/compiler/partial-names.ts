import { parseMustache } from "./parse-mustache.ts";

/**
 * The texts inside the `{{> …}}` tags of a mustache template, each once, in order: the prompts that it needs besides.
 * None for a template that does not parse; compiling it says what is wrong.
 *
 * @example partialNames("{{> support/footer }}") // ["support/footer"]
 */
export function partialNames(text: string): readonly string[] {
  const names = new Set<string>();
  try {
    parseMustache(text, ({ name }) => {
      names.add(name);
      return undefined;
    });
  } catch {
    return [];
  }
  return [...names];
}
