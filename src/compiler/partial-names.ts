/**
 * The texts inside the `{{> …}}` tags of a mustache template, each once, in order: the prompts that it needs besides.
 */
export function partialNames(text: string): readonly string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(/\{\{>\s*([^}]+?)\s*\}\}/g)) names.add(match[1] as string);
  return [...names];
}
