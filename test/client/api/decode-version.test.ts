import { describe, expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import type { Pin } from "../../../src/prompt.ts";
import { version } from "../faulty-platform.ts";

const PRODUCTION: Pin = { kind: "label", label: "production" };

function problemOf(body: unknown, pin = PRODUCTION, options = {}): string {
  try {
    decodeVersion(body, { name: "greeting", pin }, options);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

describe("a response that is no prompt version says which field, what it must be and what it is", () => {
  it.each<[field: string, value: unknown, wanted: string, is: string]>([
    ["id", "", "a text", '""'],
    ["prompt_id", 7, "a text", "7"],
    ["version_number", 1.5, "a whole number", "1.5"],
    ["version_number", -1, "a whole number", "-1"],
    ["prompt_type", "image", '"text" or "chat"', '"image"'],
    ["status", null, '"draft", "published" or "archived"', "null"],
    ["is_production", "yes", "true or false", '"yes"'],
    ["content", [1, 2], "a text", "an array of 2"],
    ["variables", ["a", 1], "names", "an array of 2"],
    ["metadata", [], "an object", "an array of 0"],
    ["created_at", 1, "a time", "1"],
    ["updated_at", { of: 1, by: 2 }, "a time", 'an object of "of","by"'],
    ["content", {}, "a text", "an object of nothing"],
  ])("%s: %j", (field, value, wanted, is) => {
    expect(problemOf(version({ [field]: value }))).toBe(
      `The response for prompt "greeting" is not a prompt version: ${field} must be ${wanted}, and is ${is}.`,
    );
  });

  it("a body that is no object, and a field that is not there", () => {
    expect(problemOf(null)).toContain("body must be an object, and is null.");
    expect(problemOf(version({ id: undefined }))).toContain("id must be a text, and is absent.");
  });

  it("of a chat, each message", () => {
    const chat = (content: unknown) => problemOf(version({ prompt_type: "chat", content }));
    const wanted = 'must be messages of "role" and "content"';
    expect(chat("no JSON")).toContain(`content ${wanted}, and is "no JSON".`);
    expect(chat({ messages: 1 })).toContain(`content ${wanted}, and is an object of "messages".`);
    expect(chat([{ role: "user", content: "a" }, { role: "" }])).toContain(`content[1] ${wanted}`);
    for (const content of [
      [{ role: "user", content: "a" }],
      '[{"role":"user","content":"a"}]',
      { messages: [{ role: "user", content: "a" }] },
    ])
      expect(chat(content)).toBe("none");
  });

  it("a long text is cut", () => {
    expect(problemOf(version({ prompt_type: "x".repeat(80) }))).toContain(`and is "${"x".repeat(80)}".`);
    expect(problemOf(version({ prompt_type: "x".repeat(81) }))).toContain(`and is "${"x".repeat(80)}…".`);
  });
});

it("a version by ID has that ID", () => {
  expect(problemOf(version(), { kind: "version", versionId: "version_1" })).toBe("none");
  expect(problemOf(version(), { kind: "version", versionId: "version_2" })).toContain(
    'id must be "version_2", and is "version_1".',
  );
});

it("what holds the token is not shown", () => {
  expect(problemOf(version({ id: 7 }), PRODUCTION, { isSecret: () => true })).toMatch(
    /id must be a text\. It holds the token, and is not shown\.$/,
  );
});

it("more values than are asked for are refused", () => {
  expect(problemOf(version({ metadata: { a: 1 } }), PRODUCTION, { mostParts: 100 })).toBe("none");
  expect(problemOf(version({ metadata: { list: Array(100).fill(1) } }), PRODUCTION, { mostParts: 100 })).toBe(
    'The response for prompt "greeting" has more than 100 values and variables.',
  );
});

it("what the platform may leave out has its value", () => {
  const bare = { id: "v", prompt_id: "p", version_number: 0, content: "", status: "draft" };
  const decoded = decodeVersion(bare, { name: "greeting", pin: PRODUCTION });
  expect(decoded).toEqual({
    id: "v",
    promptId: "p",
    versionNumber: 0,
    type: "text",
    status: "draft",
    isProduction: false,
    content: "",
    declaredVariables: null,
    metadata: {},
    createdAt: "",
    updatedAt: "",
  });
  expect(Object.isFrozen(decoded) && Object.isFrozen(decoded.metadata)).toBe(true);
});
