/** Deeper than any response that is used. */
const MAX_LEVELS = 200;

/** Is a JSON text nested more deeply than we can use? Parsing it first would block the process for seconds. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isInText = false;
  for (const [sign] of json.matchAll(/\\.|["[\]{}]/gs)) {
    if (sign === '"') isInText = !isInText;
    else if (!isInText) depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
    if (depth > MAX_LEVELS) return true;
  }
  return false;
}
