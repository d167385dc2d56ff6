/** An import of a prompt in a comment's types, at an offset of the comment. */
export interface JsdocUse {
  readonly kind: "import";
  readonly specifier: string;
  readonly offset: number;
}

/**
 * Finds `scope:` imports in the types of a JSDoc comment, which TypeScript reads in JavaScript:
 * `@param {import("scope:x").Variables} v` and `@import { Variables } from "scope:x"`. Examples don't count.
 *
 * @param comment with its delimiters
 */
export function scanJsdoc(comment: string): readonly JsdocUse[] {
  if (!comment.startsWith("/**") || !comment.includes("scope:")) return [];
  const uses: JsdocUse[] = [];
  const add = (start: number, specifier: string) => uses.push({ kind: "import", specifier, offset: start });
  for (const tag of comment.matchAll(TAG_TYPE)) {
    const start = tag.index + tag[0].length;
    const type = comment.slice(start, typeEnd(comment, start));
    for (const found of type.matchAll(TYPE_IMPORT)) {
      add(start + found.index + (found[1] ?? "").length, found[3] ?? "");
    }
  }
  for (const found of comment.matchAll(TAG_IMPORT))
    add(found.index + (found[1] ?? "").length, found[3] ?? "");
  return uses;
}

/** A tag and the brace that begins its type. */
const TAG_TYPE = /@[a-z]+[\s*]*\{/g;
const TYPE_IMPORT = /(\bimport\s*\(\s*)(["'])(scope:[^"'\\\n]*)\2\s*\)/g;
const TAG_IMPORT = /(@import\s[^"'@]*?\bfrom\s*)(["'])(scope:[^"'\\\n]*)\2/g;

/** Where the brace that is open at `start` closes. */
function typeEnd(comment: string, start: number): number {
  let depth = 1;
  for (let at = start; at < comment.length; at++) {
    if (comment[at] === "{") depth += 1;
    if (comment[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return start;
}
