/** Deeper than any response that is used. */
const MAX_LEVELS = 200;

/**
 * Does a JSON text go deeper than can be used? To parse it first would hold up the process for seconds.
 *
 * @returns the name of the outermost field that does, `body` for one without a name; else `undefined`
 */
export function fieldTooDeep(json: string): string | undefined {
  let depth = 0;
  let textAt = -1;
  let field = "body";
  for (const { 0: sign, index } of json.matchAll(/\\.|["[\]{}]/gs)) {
    if (sign === '"') {
      // Of an object's texts, the last before a bracket is the name of what the bracket opens.
      if (textAt >= 0 && depth === 1) field = json.slice(textAt + 1, index);
      textAt = textAt < 0 ? index : -1;
    } else if (textAt < 0) depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
    if (depth > MAX_LEVELS) return field;
  }
  return undefined;
}

/** Does a JSON text go deeper than can be used? */
export function isTooDeep(json: string): boolean {
  return fieldTooDeep(json) !== undefined;
}
