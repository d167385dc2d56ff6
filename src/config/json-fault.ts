/**
 * Where a text stops being JSON, from 1; undefined for JSON. The engine's own message says it only sometimes, and in
 * other words on every version.
 *
 * @example jsonFault('{ "label": latest }') // { line: 1, column: 12 }
 */
export function jsonFault(text: string): { line: number; column: number } | undefined {
  const index = faultIndex(text);
  if (index === undefined) return undefined;
  const before = text.slice(0, index).split(/\r\n|[\n\r]/);
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

const SPACE = /[\t\n\r ]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not take them in a string
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const PLAIN = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

function faultIndex(text: string): number | undefined {
  let at = 0;
  /** Goes past what matches here, and says whether it did. */
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeMark = (mark: string): boolean => {
    take(SPACE);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const takeString = (): boolean => {
    take(SPACE);
    return take(STRING) && takeQuote();
  };
  const takeQuote = (): boolean => {
    if (text[at] !== '"') return false;
    at++;
    return true;
  };
  const takeItems = (end: string, takeItem: () => boolean): boolean => {
    if (takeMark(end)) return true;
    do if (!takeItem()) return false;
    while (takeMark(","));
    return takeMark(end);
  };
  const takeValue = (): boolean => {
    if (takeMark("{")) return takeItems("}", () => takeString() && takeMark(":") && takeValue());
    if (takeMark("[")) return takeItems("]", takeValue);
    take(SPACE);
    return text[at] === '"' ? takeString() : take(PLAIN);
  };
  if (!takeValue()) return at;
  take(SPACE);
  return at < text.length ? at : undefined;
}
