/** A type takes a member of the module; an example calls it, or awaits it. */
const TYPE_IMPORT = /(\bimport\s*\(\s*)(["'])(scope:[^"'\\\n]*)\2\s*\)\s*\.\s*\w/g;
const TAG_IMPORT = /(@import\s[^"'@]*?\bfrom\s*)(["'])(scope:[^"'\\\n]*)\2/g;

/**
 * Finds `scope:` imports in the types of a JSDoc comment, which TypeScript reads in JavaScript:
 * `@param {import("scope:x").Variables} v` and `@import { Variables } from "scope:x"`. Examples don't count.
 *
 * @param comment with its delimiters
 * @returns each with its offset in the comment
 */
export function scanJsdoc(
  comment: string,
): readonly { readonly specifier: string; readonly offset: number }[] {
  if (!comment.startsWith("/**") || !comment.includes("scope:")) return [];
  const found = [...comment.matchAll(TYPE_IMPORT), ...comment.matchAll(TAG_IMPORT)];
  return found.map(({ index, 1: before = "", 3: specifier = "" }) => ({
    specifier,
    offset: index + before.length,
  }));
}
