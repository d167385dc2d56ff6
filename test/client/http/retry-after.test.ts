import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../../src/client/http/retry-after.ts";

const AT = "Sun, 06 Nov 1994 08:49:37 GMT";
const AT_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

describe("seconds", () => {
  it.each([
    ["0", 0],
    ["3", 3000],
    [" 7\t", 7000],
    ["9999999999", 9_999_999_999_000],
  ])("%j is a wait", (text, expected) => {
    expect(parseRetryAfter(text, undefined, 0)).toBe(expected);
  });

  it.each(["", " ", "12345678901", "-1", "1.5", "x5", "5x", "5 apples", "1e3", "0x10"])(
    "%j isn't one",
    (text) => {
      expect(parseRetryAfter(text, undefined, 0)).toBeUndefined();
    },
  );

  it("without a header there's no wait", () => {
    expect(parseRetryAfter(undefined, AT, 0)).toBeUndefined();
  });
});

describe("a date", () => {
  it("counts from the response's own date, whatever the local clock says", () => {
    expect(parseRetryAfter(AT, "Sun, 06 Nov 1994 08:49:30 GMT", AT_MS - 60_000)).toBe(7000);
  });

  it.each([undefined, "2", "Sun, 06 Nov 1994 08:49:30", "Sun, 06 Nov 1994 08:99:30 GMT"])(
    "counts from the clock if the response's date is %j",
    (date) => {
      expect(parseRetryAfter(AT, date, AT_MS - 2500)).toBe(2500);
    },
  );

  it("in the past needs no wait at all", () => {
    expect(parseRetryAfter(AT, undefined, AT_MS + 5000)).toBe(0);
  });

  it.each([
    "Sun, 66 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "1994-11-06T08:49:37Z",
    `${AT}, ${AT}`,
    `x${AT}`,
    `${AT}x`,
  ])("in another form isn't a wait: %s", (text) => {
    expect(parseRetryAfter(text, undefined, 0)).toBeUndefined();
  });
});
