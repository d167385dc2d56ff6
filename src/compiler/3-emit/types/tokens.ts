import jsTokens, { type Token } from "js-tokens";

const LAYOUT = new Set(["WhiteSpace", "LineTerminatorSequence"]);
/** Comments that mean something to TypeScript. The text of a prompt comes after asterisks and `>`. */
const DIRECTIVE = /^[/*\s]{0,80}@ts-/m;
const OPENS_TYPE = new Set([":", "=", "=>", "(", "[", "<", ",", "?", "extends"]);
const CLOSES = new Set([")", "]", "}", ">"]);
/** After which a line can end a declaration or a member, and what can begin the next. */
const ENDS = /(?:[\p{ID_Continue}$"\])}]|(?<!=)>)$/u;
const BEGINS = /^(?!extends$)[\p{ID_Start}$_"[\d/]/u;
/** What formatters write as a property without quotes. */
const PLAIN_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * What is left of generated types without what formatters and checkouts change, token by token: white space, line
 * endings, quotes, the order of names in `export {}`, the `|` before a union's first member, trailing separators, and
 * what separates members (`;`, `,` or the end of a line).
 * Of comments, those that mean something to TypeScript count.
 */
export function significantTokens(code: string): string[] {
  const texts: string[] = [];
  const open: string[] = [];
  let isNextLine = false;
  const separate = () => {
    if (!/^[;{]?$/.test(texts.at(-1) ?? "")) texts.push(";");
  };
  const tokens = [...jsTokens(code)].filter(
    ({ type, value }) => type !== "WhiteSpace" && (!type.endsWith("Comment") || DIRECTIVE.test(value)),
  );
  for (const [at, token] of tokens.entries()) {
    if (token.type === "LineTerminatorSequence") {
      isNextLine = true;
      continue;
    }
    const isBetweenMembers = /^\{?$/.test(open.at(-1) ?? "");
    for (const text of textsOf(token, texts.at(-1) ?? "", tokens, at)) {
      if (isNextLine && isBetweenMembers && BEGINS.test(text) && ENDS.test(texts.at(-1) ?? "")) separate();
      isNextLine = false;
      if (text === "|" && OPENS_TYPE.has(texts.at(-1) ?? "")) continue;
      if (isBetweenMembers && (text === ";" || text === ",")) {
        separate();
        continue;
      }
      if (CLOSES.has(text) && /^[;,]$/.test(texts.at(-1) ?? "")) texts.pop();
      if (/^[{([]$/.test(text)) open.push(text);
      if (/^[})\]]$/.test(text)) open.pop();
      texts.push(text);
    }
  }
  if (texts.at(-1) === ";") texts.pop();
  for (const [at, text] of texts.entries()) {
    if (text !== "{" || texts[at - 1] !== "export") continue;
    const names = texts.slice(at + 1, texts.indexOf("}", at));
    const sorted = names.join(" ").split(" ; ").sort().join(" ; ").split(" ");
    texts.splice(at + 1, names.length, ...sorted);
  }
  return texts;
}

function textsOf({ type, value }: Token, before: string, tokens: readonly Token[], at: number): string[] {
  if (type.endsWith("Comment")) {
    const lines = value.split(/\r\n?|\n/).map((line) => line.trim());
    return [lines.join("\n")];
  }
  if (type !== "StringLiteral") return /^>+$/.test(value) ? [...value] : [value];
  const text = stringValue(value);
  const after = tokens.slice(at + 1, at + 6).filter((next) => !LAYOUT.has(next.type));
  const isName = before !== "?" && /^\??:/.test(after.map((next) => next.value).join(""));
  return [isName && PLAIN_NAME.test(text) ? text : JSON.stringify(text)];
}

const SINGLE: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/**
 * The value of a string literal or a template without expressions, from its source with the quotes.
 *
 * @example stringValue("'scope:it\\'s'") // "scope:it's"
 */
export function stringValue(source: string): string {
  const body = source.slice(1, -1);
  if (!body.includes("\\")) return body;
  return body.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[\s\S]))/gi,
    (whole, point?: string, unit?: string, byte?: string, char = "") => {
      const code = Number.parseInt(point ?? unit ?? byte ?? "", 16);
      if (!Number.isNaN(code)) return code > 0x10ffff ? whole : String.fromCodePoint(code);
      // A backslash before a line ending continues the literal on the next line.
      if (/^[\r\n\u2028\u2029]/.test(char)) return "";
      return SINGLE[char] ?? char;
    },
  );
}
