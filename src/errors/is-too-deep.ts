/** Deeper than any response that is used. */
const MOST_LEVELS = 200;

/** Does a JSON text go deeper than can be used? To parse it first would hold up the process for seconds. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (const [sign] of json.matchAll(/\\.|["[\]{}]/gs)) {
    if (sign === '"') isText = !isText;
    else if (!isText) depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
    if (depth > MOST_LEVELS) return true;
  }
  return false;
}
