/** Text that looks as if it was meant as a variable. `index` counts UTF-16 units from the text's start. */
export interface NearMiss {
  readonly text: string;
  readonly index: number;
}

const VARIABLE_NAME = /^[\p{L}\p{N}_]+$/u;
/** Characters that draw nothing: joiners, marks of direction, fillers. */
const INVISIBLE = /[\p{Cf}\p{DI}\u2800]/gu;
const BRACED = /\{\{([^{}\r\n]{1,80})\}\}/g;
// One word, and around it spaces, a path, a filter or an index. Quotes, colons and commas belong to JSON in a prompt.
const LOOKS_MEANT = /^\s*\.?[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$-]*(?:[.[][^"':,()]*|\s*\|.*)?\s*$/u;

/**
 * Finds what a template in the `scope` syntax leaves as literal text although it looks like a variable: double braces
 * around one word with spaces, a path or a filter. In the order of the text.
 *
 * @example findNearMisses("Hi {{ name }}") // [{ text: "{{ name }}", index: 3 }]
 */
export function findNearMisses(text: string): readonly NearMiss[] {
  return [...text.matchAll(BRACED)].flatMap(({ 0: whole, 1: inside = "", index }) =>
    !VARIABLE_NAME.test(inside) && LOOKS_MEANT.test(inside.replace(INVISIBLE, ""))
      ? [{ text: whole, index }]
      : [],
  );
}

/** `{name}`, `{{ name }}`, `{{name}`, `${name}`, `\{\{name\}\}`, and braces of full width. */
const IN_BRACES = /\$?(?:\\?[{｛]){1,4}([^{}｛｝]{1,80}?)\\?(?:[}｝]\\?){1,4}/gu;
/** `[name]`, `[[name]]`, `<name>`, `%name%` and the like; and braces that aren't closed on their line, or not opened. */
const ELSEWHERE =
  /(?:[[(<［（＜〈《«【%]{1,2})([^[\](){}<>［］（）＜＞〈〉《》«»【】%\r\n]{1,80}?)(?:[\])>］）＞〉》»】%]{1,2})|\{\{([^{}\r\n]{1,80}?)(?=[\r\n]|$)|(?<=^|[\s(])([^\s{}]{1,80})\}\}/gu;

/**
 * Finds how a variable that a text no longer has is written in it: with spaces, one brace, an invisible character, a
 * path, a filter, in other brackets. Of several, the one in braces comes first.
 *
 * @param isMustache double braces are tags: what is in them isn't text
 * @example findSpelling("See { ticket }", "ticket") // { text: "{ ticket }", index: 4 }
 */
export function findSpelling(text: string, name: string, isMustache = false): NearMiss | undefined {
  const bare = (inside: string) => inside.replace(INVISIBLE, "").normalize("NFC");
  const around = new RegExp(
    `^[\\s#^/&>!$@.:=*~%"'\`]*(?:[\\p{L}\\p{N}_]+\\.)*${name.normalize("NFC")}(?:[\\s"'\`?!*~%]*$|\\s*[.|([-]|:?$)`,
    "u",
  );
  for (const { 0: whole, 1: inside = "", index } of text.matchAll(IN_BRACES)) {
    const isTag = /^\{\{.*\}\}$/s.test(whole);
    if (isTag && (isMustache || inside === name)) continue;
    if (around.test(bare(inside))) return { text: whole, index };
  }
  for (const { 0: whole, 1: bracketed, 2: unclosed, 3: unopened, index } of text.matchAll(ELSEWHERE)) {
    const inside = bare(bracketed ?? unclosed ?? unopened ?? "").trim();
    // Where the name is also that of an XML element, it's one.
    if (inside === name.normalize("NFC") && !text.includes(`</${inside}>`)) return { text: whole, index };
  }
  return undefined;
}
