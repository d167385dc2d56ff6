import { describe, expect, it } from "vitest";
import { redact as redacted } from "../../../src/client/http/redact.ts";

const redact = (secrets: readonly string[], text: string) => redacted(text, secrets);

describe("a secret in a text", () => {
  it("is removed wherever it is, and the rest stays", () => {
    expect(redact(["hush"], "a hush, b hush")).toBe("a [REDACTED], b [REDACTED]");
  });

  it("is removed in its URL-encoded form too", () => {
    expect(redact(["a+b/c"], "?secret=a%2Bb%2Fc&x=1")).toBe("?secret=[REDACTED]&x=1");
  });

  it.each([
    ["the shorter first", ["hush", "hush-hush"]],
    ["the longer first", ["hush-hush", "hush"]],
  ])("that contains another one leaves no piece: %s", (_, secrets) => {
    expect(redact(secrets, "a hush-hush b hush")).toBe("a [REDACTED] b [REDACTED]");
  });

  it("doesn't need a URL-encoded form", () => {
    expect(redact(["\ud800x"], "a \ud800x")).toBe("a [REDACTED]");
  });

  it.each([
    ["a/b", String.raw`{"said":"a\/b"}`],
    ["a+b", String.raw`{"said":"a\u002Bb"}`],
    ["a+b", String.raw`{"said":"a\u002bb"}`],
    ["a+b", String.raw`{"said":"{\"said\":\"a\\\\u002bb\"}"}`],
    [String.raw`a\b`, String.raw`{"said":"a\\b"}`],
    ['a"b', String.raw`{"said":"a\"b"}`],
  ])("that is escaped removes the whole text: %s in %s", (secret, text) => {
    expect(redact(["other", secret], text)).toBe("[REDACTED]");
  });
});

describe("without a secret", () => {
  it.each([String.raw`{"said":"a\/b \u002B \u00"}`, "", "plain"])("a text stays as it is: %s", (text) => {
    expect(redact(["hush", ""], text)).toBe(text);
    expect(redact([], text)).toBe(text);
    expect(redact([""], text)).toBe(text);
  });

  it("what only looks like an escape isn't one", () => {
    expect(redact(["a+b"], String.raw`a\u02bb a\xu002bb`)).toBe(String.raw`a\u02bb a\xu002bb`);
  });
});
