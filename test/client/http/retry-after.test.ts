import { expect, it } from "vitest";
import { parseRetryAfter } from "../../../src/client/http/with-retries.ts";

const AT = "Sun, 06 Nov 1994 08:49:37 GMT";
const AT_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

it.each<[value: string | undefined, date: string | undefined, nowMs: number, wait: number | undefined]>([
  ["0", undefined, 0, 0],
  [" 7\t", undefined, 0, 7000],
  ["9999999999", undefined, 0, 9_999_999_999_000],
  [undefined, AT, 0, undefined],
  // From the response's own date, whatever the local clock says; from the clock if that can't be read.
  [AT, "Sun, 06 Nov 1994 08:49:30 GMT", AT_MS - 60_000, 7000],
  [AT, undefined, AT_MS - 2500, 2500],
  [AT, "2", AT_MS - 2500, 2500],
  [AT, "Sun, 06 Nov 1994 08:49:30", AT_MS - 2500, 2500],
  [AT, "Sun, 06 Nov 1994 08:99:30 GMT", AT_MS - 2500, 2500],
  [AT, undefined, AT_MS + 5000, 0],
])("%j with the date %j at %i is a wait of %s", (value, date, nowMs, wait) => {
  expect(parseRetryAfter(value, date, nowMs)).toBe(wait);
});

const NUMBERS = ["", " ", "12345678901", "-1", "1.5", "x5", "5x", "5 apples", "1e3", "0x10"];
const DATES = [
  "Sun, 66 Nov 1994 08:49:37 GMT",
  "Sunday, 06-Nov-94 08:49:37 GMT",
  "Sun Nov  6 08:49:37 1994",
  "1994-11-06T08:49:37Z",
  `${AT}, ${AT}`,
  `x${AT}`,
  `${AT}x`,
];
it.each([...NUMBERS, ...DATES])("%j isn't a wait", (value) => {
  expect(parseRetryAfter(value, undefined, 0)).toBeUndefined();
});
