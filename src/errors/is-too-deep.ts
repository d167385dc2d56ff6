/** Deeper than any response that is used. */
const MAX_LEVELS = 200;

/**
 * Is a JSON text nested more deeply than we can use? Parsing it first would block the process for seconds.
 *
 * @returns the name of the outermost field that is, `body` for one without a name; otherwise `undefined`
 */
export function fieldTooDeep(json: string): string | undefined {
  let depth = 0;
  let textAt = -1;
  let field = "body";
  for (const { 0: sign, index } of json.matchAll(/\\.|["[\]{}]/gs)) {
    if (sign === '"') {
      // Of an object's strings, the last one before a bracket is the name of what the bracket opens.
      if (textAt >= 0 && depth === 1) field = json.slice(textAt + 1, index);
      textAt = textAt < 0 ? index : -1;
    } else if (textAt < 0) depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
    if (depth > MAX_LEVELS) return field;
  }
  return undefined;
}

/** Is a JSON text nested more deeply than we can use? */
export function isTooDeep(json: string): boolean {
  return fieldTooDeep(json) !== undefined;
}
