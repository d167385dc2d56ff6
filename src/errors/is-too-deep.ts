/** Deeper than any response that is used. */
const MOST_LEVELS = 200;

/** Does a JSON text go deeper than can be used? To parse it first would hold up the process for seconds. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; depth <= MOST_LEVELS && at < json.length; at++) {
    const sign = json[at] as string;
    if (sign === '"') isText = !isText;
    else if (isText) at += sign === "\\" ? 1 : 0;
    else depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
  }
  return depth > MOST_LEVELS;
}
