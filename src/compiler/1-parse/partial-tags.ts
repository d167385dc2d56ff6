import { type PartialTag, parseMustache } from "./parse-mustache.ts";

/**
 * The `{{> …}}` tags of a mustache template, the first one for each name, in order: the other prompts that it needs.
 * None for a template that doesn't parse; compiling it reports what is wrong.
 *
 * @example partialTags("{{> support/footer }}").map(({ name }) => name) // ["support/footer"]
 */
export function partialTags(text: string): readonly PartialTag[] {
  const tags = new Map<string, PartialTag>();
  try {
    const onPartial = (tag: PartialTag) => {
      if (!tags.has(tag.name)) tags.set(tag.name, tag);
      return undefined;
    };
    const wrong = () => new Error("It does not parse.");
    parseMustache(text, { onPartial, tooDeep: wrong, notParsed: wrong }, { marksLines: false });
  } catch {
    return [];
  }
  return [...tags.values()];
}
