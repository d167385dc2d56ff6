/** How far every rendering of a prompt is the same, which a provider can cache: the export `cachePrefix` of its module. */
export interface CachePrefix {
  /** The message in which it ends, from 0, in the order of the messages as rendered; 0 for a text prompt. */
  readonly message: number;
  /** How much of that message belongs to it, in UTF-16 units, at least 1. All of the messages before it does. */
  readonly characters: number;
}

/** A part of a template: text that every rendering has, or something that depends on a value. */
type Part = { readonly kind: "text"; readonly text: string } | { readonly kind: "variable" | "section" };

/** The text before the first value, template by template, up to the one with that value. */
export function constantTexts(templates: readonly (readonly Part[])[]): readonly string[] {
  const texts: string[] = [];
  for (const parts of templates) {
    const end = parts.findIndex(({ kind }) => kind !== "text");
    const before = end === -1 ? parts : parts.slice(0, end);
    texts.push(before.map((part) => (part.kind === "text" ? part.text : "")).join(""));
    if (end !== -1) break;
  }
  return texts;
}

/** Undefined if renderings can differ from the first character on. */
export function cachePrefix(templates: readonly (readonly Part[])[]): CachePrefix | undefined {
  const texts = constantTexts(templates);
  const message = texts.findLastIndex((text) => text !== "");
  return message === -1 ? undefined : { message, characters: (texts[message] as string).length };
}
