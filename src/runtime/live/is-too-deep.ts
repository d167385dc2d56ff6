/** Deeper than any answer that is used. */
const MOST_LEVELS = 200;

/** Does a JSON text go deeper than can be used? To parse it first would hold up the server for seconds. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') {
      // To its end: brackets in it are text.
      while (++at < json.length && json[at] !== '"') if (json[at] === "\\") at++;
    } else if (sign === "[" || sign === "{") {
      if (++depth > MOST_LEVELS) return true;
    } else if (sign === "]" || sign === "}") depth--;
  }
  return false;
}
