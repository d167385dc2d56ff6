import { expect, it } from "vitest";
import { RateLimitError } from "../../src/errors/classes.ts";
import { formatError } from "../../src/errors/format-error.ts";
import { printable, printableJson, printableLine, quoted } from "../../src/errors/printable.ts";
import { MissingVariableError } from "../../src/errors/render-errors.ts";
import { shownReporter } from "../../src/project/reporter.ts";
import { errorToJson } from "../../src/project/reports/json-parts.ts";
import type { ResolvedVersion } from "../../src/project/versions/source.ts";
import { statusWarnings } from "../../src/run/modules/modules.ts";
import { RunReport } from "../../src/run/run-report.ts";

const HOSTILE = "a\u001b]0;x\u0007\u001b[2J\u001b[8mb\u2028c\u2029\u202ed\u2066\u009b1A\ne";
// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

it("nothing that controls a terminal or reverses text is printed", () => {
  expect(printable(HOSTILE)).not.toMatch(UNSAFE);
  expect(printable("\u001b\u2028\t")).toBe("\\x1b\\u2028\t");
  expect(printableLine("a\nb")).toBe("a\\nb");
  // Nobody sees these: zero-width spaces, a mark of direction, and the letters among the tags.
  expect(printable("a\u200b\u2060\ufeff\u061c\u{e0041}b")).toBe("a\\u200b\\u2060\\ufeff\\u061c\\u{e0041}b");
  expect(printable("👩‍👩‍👧 می‌خواهم ❤️")).toBe("👩‍👩‍👧 می‌خواهم ❤️");
});

it("no pipeline command is printed", () => {
  expect(printable("a ##vso[x]b ##TeamCity[y] ##[error]z ## [no]")).toBe(
    "a ##vso\\x5bx]b ##TeamCity\\x5by] ##\\x5berror]z ## [no]",
  );
  const value = { a: "##vso[x]\u00ad\u3164" };
  expect(printableJson(JSON.stringify(value))).not.toMatch(/##vso\[|\u00ad|\u3164/);
  expect(JSON.parse(printableJson(JSON.stringify(value)))).toEqual(value);
});

it("everything a run reports goes through its project's reporter, which filters it", () => {
  const said: string[] = [];
  const listener = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const reporter = shownReporter(listener);
  reporter.info(`${HOSTILE}\n::add-mask::x`);
  reporter.warn("##vso[task.setvariable]");
  expect(said).toHaveLength(2);
  expect(said[0]).not.toMatch(UNSAFE);
  for (const text of said) expect(text).not.toMatch(/^::|##vso\[/m);
});

it("an error's place keeps a name on one line", () => {
  const error = new RateLimitError("m", {
    code: "rate_limited",
    httpStatus: 429,
    where: { prompt: HOSTILE },
  });
  expect(formatError(error)).not.toMatch(UNSAFE);
  expect(formatError(error)).toContain("\\ne");
});

it("a run's report is clean", () => {
  const said: string[] = [];
  const report = new RunReport({ info: (text) => said.push(text), warn: (text) => said.push(text) });
  const version = { versionNumber: 1, status: "draft" };
  const answer = {
    ref: { name: HOSTILE, pin: { kind: "label", label: "latest" } },
    version,
    environment: HOSTILE,
  } as unknown as ResolvedVersion;
  report.warn(HOSTILE);
  report.decision({ use: "fetched", difference: `1${HOSTILE}`, warnings: [`2${HOSTILE}`] });
  report.stale({ stale: [answer], outage: new Error(HOSTILE) });
  report.inBrowser(new Set([HOSTILE]));
  for (const warning of statusWarnings(answer, "x")) said.push(warning);
  expect(said.length).toBeGreaterThan(5);
  for (const text of said) expect(text).not.toMatch(UNSAFE);
  expect(said[1]).not.toContain("\n");
  expect(said[3]?.split("\n")).toHaveLength(2);
  for (const text of said.slice(4)) expect(text).not.toContain("\n");
});

it("an error as JSON has the fields of its class, and short paths", () => {
  const where = { file: "/p/a.ts", importedBy: "/p/src/b.ts" };
  const limited = new RateLimitError("m", {
    code: "rate_limited",
    httpStatus: 429,
    errorCode: "slow",
    requestId: "r1",
    retryAfter: 3,
    where,
  });
  expect(errorToJson(limited, "/p")).toEqual({
    code: "rate_limited",
    message: "m",
    where: { file: "a.ts", importedBy: "src/b.ts" },
    httpStatus: 429,
    errorCode: "slow",
    requestId: "r1",
    retryAfter: 3,
  });
  const missing = new MissingVariableError("m", { code: "variable_missing", missingVariables: ["a", "b"] });
  expect(errorToJson(missing, "/p")).toMatchObject({ missingVariables: ["a", "b"] });
});

it("a quoted name or value has escapes for what controls a terminal or is invisible, and nothing else", () => {
  for (const hidden of [
    0x00, 0x1b, 0x7f, 0x80, 0x9f, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202e, 0x2060, 0x206f,
    0xfeff,
  ]) {
    const written = `\\u${hidden.toString(16).padStart(4, "0")}`;
    expect(quoted(`a${String.fromCharCode(hidden)}b`)).toBe(`"a${written}b"`);
  }
  expect(quoted("\u{e0000}\u{e007f}")).toBe('"\\udb40\\udc00\\udb40\\udc7f"');
  for (const shown of [" ", "~", "\u00a0", "é", "\u2010", "\u202f", "😀", "名"])
    expect(quoted(shown)).toBe(`"${shown}"`);
});
