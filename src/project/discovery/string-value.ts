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
