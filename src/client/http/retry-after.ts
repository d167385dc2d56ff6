/** `Sun, 06 Nov 1994 08:49:37 GMT`: the only form that servers can still send. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait in milliseconds that a `Retry-After` header asks for; undefined if there is none or it's malformed. Strict:
 * `Date.parse` would read "5 apples" or "2" as a date decades away.
 *
 * @param date the response's `Date` header: with it, a wrong clock on this machine doesn't matter
 * @param nowMs wall clock, for responses without one
 */
export function parseRetryAfter(
  value: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  // More digits than any sensible wait has. This also keeps the number exact.
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const from = date !== undefined && HTTP_DATE.test(date) ? Date.parse(date) : nowMs;
  return Math.max(0, at - (Number.isNaN(from) ? nowMs : from));
}
