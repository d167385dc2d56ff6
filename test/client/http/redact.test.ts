import { expect, it } from "vitest";
import { redact } from "../../../src/client/http/send.ts";

const raw = String.raw;

it.each<[what: string, secrets: string[], text: string, shown: string]>([
  ["wherever it is", ["hush"], "a hush, b hush", "a [REDACTED], b [REDACTED]"],
  ["URL-encoded", ["a+b/c"], "?secret=a%2Bb%2Fc&x=1", "?secret=[REDACTED]&x=1"],
  ["that contains another", ["hush", "hush-hush"], "a hush-hush b hush", "a [REDACTED] b [REDACTED]"],
  ["without a URL-encoded form", ["\ud800x"], "a \ud800x", "a [REDACTED]"],
  ["escaped", ["other", "a/b"], raw`{"said":"a\/b"}`, "[REDACTED]"],
  ["in upper hex", ["other", "a+b"], raw`{"said":"a\u002Bb"}`, "[REDACTED]"],
  ["in lower hex", ["other", "a+b"], raw`{"said":"a\u002bb"}`, "[REDACTED]"],
  ["in JSON within JSON", ["a+b"], raw`{"said":"{\"said\":\"a\\\\u002bb\"}"}`, "[REDACTED]"],
  ["with a backslash", [raw`a\b`], raw`{"said":"a\\b"}`, "[REDACTED]"],
  ["with a quote", ['a"b'], raw`{"said":"a\"b"}`, "[REDACTED]"],
])("a secret %s is removed", (_, secrets, text, shown) => {
  expect(redact(text, secrets)).toBe(shown);
  expect(redact(text, secrets.toReversed())).toBe(shown);
});

it.each([raw`{"said":"a\/b \u002B \u00"}`, raw`a\u02bb a\xu002bb`, "", "plain"])(
  "a text without a secret stays as it is: %s",
  (text) => {
    for (const secrets of [["hush", ""], [], [""], ["a+b"]]) expect(redact(text, secrets)).toBe(text);
  },
);
