/** A piece of literal text, or a variable's place. `index` counts UTF-16 units from the template's start. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly index: number };

/**
 * The names of a template's variables, without duplicates, in order of first use.
 *
 * @example variablesOf(parseScope("{{b}} {{a}} {{b}}")) // ["b", "a"]
 */
export function variablesOf(parts: readonly TemplatePart[]): readonly string[] {
  const names = new Set<string>();
  for (const part of parts) if (part.kind === "variable") names.add(part.name);
  return [...names];
}
