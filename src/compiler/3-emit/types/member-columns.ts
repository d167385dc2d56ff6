const TOKENS = /"(?:[^"\\]|\\.)*"|[\p{L}\p{N}_$]+|=>|\S/gu;
const OPENS: readonly string[] = ["{", "(", "[", "<"];
const CLOSES: readonly string[] = ["}", ")", "]", ">"];

/**
 * The names of the members of the first object type in a line of declarations, with the columns where they begin,
 * from 0. Members of types inside it are left out.
 *
 * @example [...memberColumns("type A = { readonly b: { c: string } };")] // [["b", 20]]
 */
export function* memberColumns(line: string): Generator<readonly [name: string, column: number]> {
  let depth = 0;
  let awaitsName = false;
  for (const { 0: token, index } of line.matchAll(TOKENS)) {
    if (OPENS.includes(token)) depth += 1;
    else if (CLOSES.includes(token)) depth -= 1;
    else if (awaitsName && token !== "readonly") {
      awaitsName = false;
      yield [token.startsWith('"') ? JSON.parse(token) : token, index];
    }
    if (depth === 1 && (token === "{" || token === ";")) awaitsName = true;
    if (depth === 0 && token === "}") return;
  }
}
