import { describe, expect, it } from "vitest";
import { ConfigurationError, ConnectionError } from "../../src/errors/classes.ts";
import { formatError } from "../../src/errors/format-error.ts";
import { asRun } from "../../src/errors/printable.ts";
import { RenderError } from "../../src/errors/render-errors.ts";
import type { Where } from "../../src/errors/scope-error.ts";
import { ScopeErrors } from "../../src/errors/scope-errors.ts";

function problem(message: string, where?: Where, more: { hint?: string; cause?: unknown } = {}) {
  return new RenderError(message, { code: "variable_missing", where, ...more });
}

describe("one error", () => {
  it("is code and message, place and frame, hint, and the address of its code", () => {
    const error = problem(
      "This tag is opened but never closed.",
      {
        prompt: "welcome-email",
        versionNumber: 7,
        line: 3,
        column: 7,
        frame: "  2 | You\n> 3 | Hello {{name\n    |       ^",
      },
      { hint: "Close the tag with }} and save a new version." },
    );
    expect(formatError(error)).toBe(
      [
        "variable_missing  This tag is opened but never closed.",
        "",
        '  prompt "welcome-email", version 7, line 3, column 7',
        "      2 | You",
        "    > 3 | Hello {{name",
        "        |       ^",
        "",
        "  Close the tag with }} and save a new version.",
        "",
        "  See unplugin-scope/docs/errors.md#variable_missing",
      ].join("\n"),
    );
  });

  it.each([
    [{ file: "/app/src/a.ts", line: 2, column: 5 }, "src/a.ts:2:5"],
    [{ file: "/app/src/a.ts", line: 2 }, "src/a.ts:2"],
    [{ file: "/other/a.ts" }, "/other/a.ts"],
    [{ prompt: "a", versionId: "version_1", file: "/app/b.ts" }, 'prompt "a", version version_1, b.ts'],
    [{ line: 4 }, "line 4"],
  ])("%j is %s", (where, text) => {
    const options = { cwd: "/app", addresses: false };
    expect(formatError(problem("m", where), options)).toBe(`variable_missing  m\n\n  ${text}`);
  });

  it("names its causes on one line each, and limits other people's text to that", () => {
    const socket = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
    const error = new ConnectionError("The platform cannot be reached.", {
      code: "connection_failed",
      cause: new TypeError("fetch failed\n    at secret body", { cause: socket }),
    });
    expect(formatError(error, { addresses: false })).toBe(
      [
        "connection_failed  The platform cannot be reached.",
        "",
        "  Caused by TypeError: fetch failed",
        "  Caused by ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9",
      ].join("\n"),
    );
    const long = problem("m", undefined, { cause: new Error("x".repeat(5000)) });
    expect(formatError(long, { addresses: false }).length).toBeLessThan(250);
  });

  it("shows nothing of a text that JSON.parse couldn't parse", () => {
    const causeOf = (text: string) => {
      try {
        JSON.parse(text);
      } catch (error) {
        return formatError(problem("m", undefined, { cause: error }));
      }
      throw new Error("it parsed");
    };
    for (const text of [
      's3cret-token {"a',
      '{"access_token":"s3cret-token" oops',
      "s3cret",
      `${" ".repeat(99)}s3cret-token`,
    ]) {
      expect(causeOf(text)).toContain("Caused by SyntaxError: ");
      expect(causeOf(text)).not.toContain("cret");
    }
  });

  it("repeats nothing in a chain of causes", () => {
    const socket = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
    const what = "Could not connect to http://127.0.0.1:9 (ECONNREFUSED).";
    const connection = new ConnectionError(what, { code: "connection_failed", cause: socket });
    const login = problem(`The login failed. ${what}`, undefined, { cause: connection });
    const error = problem("The platform can't be reached.", undefined, { cause: login });
    expect(formatError(error, { addresses: false })).toBe(
      [
        "variable_missing  The platform can't be reached.",
        "",
        `  Caused by variable_missing: The login failed. ${what}`,
      ].join("\n"),
    );
  });

  it("stops at a chain of causes that is circular", () => {
    const one = new Error("one");
    one.cause = one;
    expect(formatError(problem("m", undefined, { cause: one }))).toContain("Caused by Error: one");
  });

  it("doesn't let a prompt name or server control the terminal", () => {
    const text = formatError(problem("a\u001b[2Jb", { prompt: "x\u0007\u009b1m" }, { hint: "h\r\u0000" }));
    expect(text).toContain("a\\x1b[2Jb");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it("only uses colours if asked", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with it
    const colour = /\x1b\[/;
    expect(formatError(problem("m"), { color: true })).toMatch(colour);
    expect(formatError(problem("m"))).not.toMatch(colour);
  });
});

describe("several errors", () => {
  it("are listed once each, sorted, however they were nested and collected, and so are their codes", () => {
    const [b, a, c] = ["b", "a", "c"].map(
      (name) => new ConfigurationError(`Fault ${name}.`, { code: "config_invalid", hint: "Fix it." }),
    );
    const several = (...errors: unknown[]) =>
      new ScopeErrors("3 options can't be used.", { code: "several_errors", errors });
    const text = formatError(several(c, several(b, a), a));
    expect(text).toBe(
      [
        "several_errors  3 options can't be used.",
        "",
        "  config_invalid  Fault a.",
        "",
        "    Fix it.",
        "",
        "  config_invalid  Fault b.",
        "",
        "    Fix it.",
        "",
        "  config_invalid  Fault c.",
        "",
        "    Fix it.",
        "",
        "  See unplugin-scope/docs/errors.md#config_invalid",
      ].join("\n"),
    );
    expect(formatError(several(a, b, c))).toBe(text);
    expect(formatError(several(a, problem("m")))).toMatch(/#config_invalid\n {2}See \S+#variable_missing$/);
  });
});

describe("an error that isn't ours", () => {
  it.each([
    [
      Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: "EACCES" }),
      "EACCES  permission denied, open '/x'",
    ],
    [new TypeError("x is not a function\nmore"), "TypeError  x is not a function"],
    ["thrown text", "Error  thrown text"],
    [undefined, "Error  undefined"],
  ])("%s", (error, text) => {
    expect(formatError(error)).toBe(text);
  });
});

describe("commands in a message", () => {
  it.each([
    ["Run: scope-gen pull", "Run: npx scope-gen pull"],
    ["Run scope-gen init again.", "Run npx scope-gen init again."],
    ["a scope-gen of version 1", "a scope-gen of version 1"],
    ["Read-only; scope-gen check compares.", "Read-only; npx scope-gen check compares."],
    ["For example: scope-gen --cwd packages/a", "For example: npx scope-gen --cwd packages/a"],
    ["one\n  scope-gen emit --out-dir a", "one\n  npx scope-gen emit --out-dir a"],
    ["Run: scope-gen pull. Or: scope-gen list", "Run: npx scope-gen pull. Or: npx scope-gen list"],
    ['note: "scope-gen pull" → "scope-gen: pull"', 'note: "scope-gen pull" → "scope-gen: pull"'],
    ["The files of scope-gen emit are stale.", "The files of scope-gen emit are stale."],
    ["    2 | Run: scope-gen pull\n      |      ^^^", "    2 | Run: scope-gen pull\n      |      ^^^"],
    ["  > 2 | Run: scope-gen pull", "  > 2 | Run: scope-gen pull"],
  ])("%j: %j", (text, expected) => {
    expect(asRun(text)).toBe(expected);
    expect(asRun(expected)).toBe(expected);
  });
});
