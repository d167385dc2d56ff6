/** Text that looks like it was meant as a variable. `index` counts UTF-16 units from the template's start. */
export interface NearMiss {
  readonly text: string;
  readonly index: number;
}

const BRACED = /\{\{([^{}\r\n]{1,80})\}\}/g;
const VARIABLE = /^[\p{L}\p{N}_]+$/u;
// Spaces, paths, dashes, marks, filters, mustache's signs; quotes, colons and commas belong to JSON in a prompt.
const LOOKS_MEANT = /^\s*(?:[#^/&>!]\s*)?[\p{L}\p{N}\p{M}_$][\p{L}\p{N}\p{M}_$\s.|()[\]-]*$/u;

/**
 * Finds what a template in the `scope` syntax leaves as literal text although it looks like a variable:
 * `{{ name }}`, `{{user.name}}`, `{{a-b}}`, `{{#items}}`. In the order of the text.
 *
 * @example findNearMisses("Hi {{ name }}") // [{ text: "{{ name }}", index: 3 }]
 */
export function findNearMisses(text: string): readonly NearMiss[] {
  const found: NearMiss[] = [];
  for (const match of text.matchAll(BRACED)) {
    const inside = match[1] as string;
    if (!VARIABLE.test(inside) && LOOKS_MEANT.test(inside))
      found.push({ text: match[0], index: match.index });
  }
  return found;
}
