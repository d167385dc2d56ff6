/** Text that looks as if it was meant as a variable. `index` counts UTF-16 units from the text's start. */
export interface NearMiss {
  readonly text: string;
  readonly index: number;
}

/** What a variable can be called: as in the Python SDK. */
export const VARIABLE_NAME = /^[\p{L}\p{N}_]+$/u;
/** Characters that draw nothing: joiners, marks of direction, fillers. */
const INVISIBLE = /[\p{Cf}\p{DI}\u2800]/gu;
const BRACED = /\{\{([^{}\r\n]{1,80})\}\}/g;
// One word, and around it spaces, a path, a filter or an index. Quotes, colons and commas belong to JSON in a prompt.
const LOOKS_MEANT = /^\s*\.?[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$]*(?:[.[][^"':,()]*|\s*\|.*)?\s*$/u;

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

/** What is in braces: signs, a path whose names count, and an end or what a filter, an index or a call begins with. */
const PATH = /^[\s#^/&>!$@.:=*~%"'`]*([\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)(?:[\s"'`?!*~%]*$|\s*[.|([-]|:?$)/u;

/** A name that is written as text. */
export interface Spelling extends NearMiss {
  /** It's in braces, so it's meant as a variable; in other brackets it can be a word of the text. */
  readonly isBraced: boolean;
}

/**
 * Finds how names that are no variables of a text are written in it: with spaces, one brace, an invisible character, a
 * path, a filter, in other brackets. Of each the first, in braces if there is one. In one pass, however many they are.
 *
 * @param isMustache double braces are tags: what is in them isn't text
 * @example findSpellings("See { ticket }", ["ticket"]).get("ticket") // { text: "{ ticket }", index: 4, isBraced: true }
 */
export function findSpellings(
  text: string,
  names: readonly string[],
  isMustache = false,
): ReadonlyMap<string, Spelling> {
  const wanted = new Map(names.map((name) => [name.normalize("NFC"), name]));
  const found = new Map<string, Spelling>();
  const bare = (inside: string) => inside.replace(INVISIBLE, "").normalize("NFC");
  const add = (word: string, spelling: Spelling) => {
    const name = wanted.get(word);
    if (name !== undefined && !found.has(name)) found.set(name, spelling);
  };
  for (const { 0: whole, 1: inside = "", index } of text.matchAll(IN_BRACES)) {
    const isTag = /^\{\{.*\}\}$/s.test(whole);
    if (isTag && (isMustache || VARIABLE_NAME.test(inside))) continue;
    const words = PATH.exec(bare(inside))?.[1]?.split(".") ?? [];
    for (const word of words) add(word, { text: whole, index, isBraced: true });
  }
  for (const { 0: whole, 1: bracketed, 2: unclosed, 3: unopened, index } of text.matchAll(ELSEWHERE)) {
    const word = bare(bracketed ?? unclosed ?? unopened ?? "").trim();
    // Where the name is also that of an XML element, it's one.
    if (wanted.has(word) && !text.includes(`</${word}>`)) add(word, { text: whole, index, isBraced: false });
  }
  return found;
}
