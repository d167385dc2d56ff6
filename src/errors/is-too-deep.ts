/** Deeper than any response that is used. */
const MAX_LEVELS = 200;

/** Does a JSON text go deeper than can be used? To parse it first would hold up the process for seconds. */
export function isTooDeep(json: string): boolean {
  return tooDeepField(json) !== undefined;
}

/** The outermost field of a JSON text that goes deeper than can be used, empty where it has no name; undefined where none does. */
export function tooDeepField(json: string): string | undefined {
  let depth = 0;
  let textAt: number | undefined;
  let text = "";
  let field = "";
  for (const { 0: sign, index } of json.matchAll(/\\.|["[\]{}]/gs)) {
    if (sign === '"') {
      if (textAt !== undefined && depth === 1) text = json.slice(textAt + 1, index);
      textAt = textAt === undefined ? index : undefined;
    } else if (textAt === undefined) {
      if (depth === 1) field = text;
      depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
      if (depth > MAX_LEVELS) return field;
    }
  }
  return undefined;
}
