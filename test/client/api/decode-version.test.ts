import { describe, expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import type { Pin } from "../../../src/prompt.ts";
import { thrownBy } from "../fake-transport.ts";
import { version } from "../faulty-platform.ts";

const PRODUCTION: Pin = { kind: "label", label: "production" };

function errorOf(body: unknown, options = {}) {
  return thrownBy(() => decodeVersion(body, { name: "greeting", pin: PRODUCTION }, options));
}

function problemOf(body: unknown, pin = PRODUCTION, options = {}): string {
  try {
    decodeVersion(body, { name: "greeting", pin }, options);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

describe("a response that isn't a prompt version names the field, what it must be and what it is", () => {
  it.each<[field: string, value: unknown, wanted: string, is: string]>([
    ["id", "", "text", '""'],
    ["prompt_id", 7, "text", "7"],
    ["version_number", 1.5, "a whole number", "1.5"],
    ["version_number", -1, "a whole number", "-1"],
    ["status", null, '"draft", "published" or "archived"', "null"],
    ["is_production", "yes", "true or false", '"yes"'],
    ["variables", ["a", 1], "names", "an array of 2"],
    ["metadata", [], "an object", "an array of 0"],
    ["created_at", 1, "a time", "1"],
    ["updated_at", { of: 1, by: 2 }, "a time", 'an object of "of","by"'],
    ["created_at", {}, "a time", "an object of nothing"],
  ])("%s: %j", (field, value, wanted, is) => {
    expect(problemOf(version({ [field]: value }))).toBe(
      `The response for prompt "greeting" can't be read: ${field} must be ${wanted}, but is ${is}.`,
    );
  });

  it("a body that isn't an object, and a missing field", () => {
    expect(problemOf(null)).toContain("body must be an object, but is null.");
    expect(problemOf(version({ id: undefined }))).toContain("id must be text, but is absent.");
  });

  it("a type or content that can't be read has a code of its own, and no text of it is shown", () => {
    const unknown = (fields: object) => {
      const { code, message } = errorOf(version({ ...fields }));
      return [code, message.replace(/^.+ can't be read: /, "")];
    };
    const code = "response_form_unknown";
    const refused = (text: string) => [code, text];
    expect(unknown({ prompt_type: "image" })).toEqual(
      refused('prompt_type must be "text" or "chat", but is "image".'),
    );
    expect(unknown({ prompt_type: false })).toEqual(
      refused('prompt_type must be "text" or "chat", but is false.'),
    );
    expect(unknown({ content: [1, 2] })).toEqual(refused("content must be text, but is an array of 2."));
    expect(unknown({ content: null })).toEqual(refused("content must be text, but is null."));
    expect(unknown({ prompt_type: "chat", content: '{"a":"hush"}' })).toEqual(
      refused('content must be messages of "role" and "content", but is another text.'),
    );
  });

  it("a broken body isn't an unknown form, whatever its content", () => {
    const body = { prompt_type: "image", content: [] };
    for (const field of ["id", "prompt_id", "version_number"])
      expect(errorOf(version({ ...body, [field]: undefined }))).toMatchObject({
        code: "response_invalid",
        field,
      });
  });

  it("of a chat, each message", () => {
    const chat = (content: unknown) => problemOf(version({ prompt_type: "chat", content }));
    const wanted = 'must be messages of "role" and "content"';
    expect(chat({ messages: 1 })).toContain(`content ${wanted}, but is an object of "messages".`);
    expect(chat([{ role: "user", content: "a" }, { role: "" }])).toContain(`content[1] ${wanted}`);
    for (const content of [
      [{ role: "user", content: "a" }],
      '[{"role":"user","content":"a"}]',
      { messages: [{ role: "user", content: "a" }] },
      [{ type: "HUMAN", text: "a" }],
      [{ role: "user", type: "message", content: "a" }],
      [{ role: "user", content: "a", text: "a" }],
      [{ role: "user", content: "a", text: null }],
    ])
      expect(chat(content)).toBe("none");
  });

  it("of a message, two texts that differ", () => {
    const content = [{ role: "user", content: "a", text: "b" }];
    expect(problemOf(version({ prompt_type: "chat", content }))).toContain(
      "content[0].content must be the same as its text, but is another text.",
    );
  });

  it("a long text is cut", () => {
    expect(problemOf(version({ status: "x".repeat(80) }))).toContain(`but is "${"x".repeat(80)}".`);
    expect(problemOf(version({ status: "x".repeat(81) }))).toContain(`but is "${"x".repeat(80)}…".`);
  });
});

describe("every spelling of a version is decoded", () => {
  const rest = version({ id: undefined, version_number: undefined });
  const decode = (body: unknown, pin: Pin = PRODUCTION) => decodeVersion(body, { name: "greeting", pin });

  it.each<[form: string, fields: Record<string, unknown>]>([
    ["of the documentation", { version_id: "v_01DEF", version: 3, name: "greeting", tags: ["demo"] }],
    ["of the Python SDK", { id: "v_01DEF", version_number: 3 }],
    ["of the Ruby SDK", { version_id: "v_01DEF", version: 3 }],
    ["of all three", { id: "v_01DEF", version_id: "v_01DEF", version: 3, version_number: 3 }],
    ["with the other one null", { id: null, version_id: "v_01DEF", version: 3, version_number: null }],
  ])("%s", (_, fields) => {
    expect(decode({ ...rest, ...fields })).toMatchObject({ id: "v_01DEF", versionNumber: 3 });
    const pinned = { kind: "version", versionId: "v_01DEF" } as const;
    expect(decode({ ...rest, ...fields }, pinned).id).toBe("v_01DEF");
  });

  it.each<[fields: Record<string, unknown>, problem: string]>([
    [{ id: "a", version_id: "b", version: 1 }, 'id must be the same as version_id, but is "a", not "b".'],
    [
      { id: "a", version: 1, version_number: 2 },
      "version_number must be the same as version, but is 2, not 1.",
    ],
    [
      { id: "a", version: "1", version_number: 1 },
      'version_number must be the same as version, but is 1, not "1".',
    ],
    [{ version_id: 7, version: 1 }, "version_id must be text, but is 7."],
    [{ version_id: "a", version: "3" }, 'version must be a whole number, but is "3".'],
  ])("%j is refused", (fields, problem) => {
    expect(problemOf({ ...rest, ...fields })).toContain(problem);
  });

  it("a second id that differs is refused for a version by ID too", () => {
    const body = { ...rest, id: "a", version_id: "b", version: 1 };
    for (const versionId of ["a", "b"])
      expect(problemOf(body, { kind: "version", versionId })).toContain("id must be the same as version_id");
  });

  it("tags and promotion are there if the platform sends them, and frozen", () => {
    const promotion = { promoted_at: "2026-01-03T00:00:00Z", promoted_by: "usr_1" };
    const data = decode(version({ tags: ["demo"], ...promotion }));
    expect(data).toMatchObject({
      tags: ["demo"],
      promotedAt: "2026-01-03T00:00:00Z",
      promotedBy: "usr_1",
    });
    expect(Object.isFrozen(data.tags)).toBe(true);
    for (const nothing of [version(), version({ tags: null, promoted_at: null, promoted_by: null })]) {
      const { tags, promotedAt, promotedBy } = decode(nothing);
      expect([tags, promotedAt, promotedBy]).toEqual([undefined, undefined, undefined]);
    }
  });

  it.each([
    ["tags", "demo", "tags must be texts"],
    ["promoted_at", 1, "promoted_at must be text"],
    ["promoted_by", {}, "promoted_by must be text"],
  ])("%s: %j is refused", (field, value, problem) => {
    expect(problemOf(version({ [field]: value }))).toContain(problem);
  });
});

it("a version by ID has that ID", () => {
  expect(problemOf(version(), { kind: "version", versionId: "version_1" })).toBe("none");
  expect(problemOf(version(), { kind: "version", versionId: "version_2" })).toContain(
    'id must be "version_2", but is "version_1".',
  );
});

it("a body that contains the token isn't shown", () => {
  expect(problemOf(version({ id: 7 }), PRODUCTION, { isSecret: () => true })).toMatch(
    /id must be text\. It contains the token, so it isn't shown\.$/,
  );
});

it("more values than the limit are refused", () => {
  expect(problemOf(version({ metadata: { a: 1 } }), PRODUCTION, { mostParts: 100 })).toBe("none");
  expect(problemOf(version({ metadata: { list: Array(100).fill(1) } }), PRODUCTION, { mostParts: 100 })).toBe(
    'The response for prompt "greeting" has more than 100 values and variables.',
  );
});

it("what the platform can leave out gets its default", () => {
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

describe("the place of a bad response", () => {
  it("is only the prompt until the version is known", () => {
    expect({ ...errorOf(version({ version_number: "1" })) }).toEqual({
      code: "response_invalid",
      field: "version_number",
      value: "1",
      where: { prompt: "greeting" },
    });
  });

  it("is the version once it's known", () => {
    expect({ ...errorOf(version({ status: "lost" })) }).toEqual({
      code: "response_invalid",
      field: "status",
      value: "lost",
      where: { prompt: "greeting", versionId: "version_1", versionNumber: 1 },
    });
  });

  it("is only prompt and field in a response that contains the token", () => {
    const error = errorOf(version({ status: "token" }), { isSecret: () => true });
    expect({ ...error }).toEqual({
      code: "response_invalid",
      field: "status",
      where: { prompt: "greeting" },
    });
  });

  it("is shown in full if the response doesn't contain the token", () => {
    expect(errorOf(version({ status: "lost" }), { isSecret: () => false }).value).toBe("lost");
  });
});

describe("too many values", () => {
  it.each<[mostParts: number, field: string]>([
    [6, "metadata"],
    [3, "variables"],
    [1, "content"],
  ])("more than %i: in %s", (mostParts, field) => {
    expect({ ...errorOf(version(), { mostParts }) }).toEqual({
      code: "response_too_large",
      field,
      where: { prompt: "greeting" },
    });
  });

  it("as many as the limit are fine", () => {
    expect(problemOf(version(), PRODUCTION, { mostParts: 7 })).toBe("none");
  });
});

it("metadata that can't be written as JSON is refused", () => {
  expect(errorOf(version({ metadata: { a: Infinity } }))).toMatchObject({
    message: expect.stringContaining(
      'metadata must be without numbers out of range, but is an object of "a".',
    ),
    field: "metadata",
    value: { a: Infinity },
  });
});

describe("fields at the edge of what is valid", () => {
  it.each<[field: string, value: unknown, problem: string]>([
    ["prompt_id", "", 'prompt_id must be text, but is "".'],
    ["version_number", 2 ** 53, "version_number must be a whole number, but is 9007199254740992."],
    ["version_number", null, "version_number must be a whole number, but is null."],
    ["is_production", 1, "is_production must be true or false, but is 1."],
    ["variables", "name", 'variables must be names, but is "name".'],
    ["metadata", "none", 'metadata must be an object, but is "none".'],
    ["metadata", [{ a: 1 }], "metadata must be an object, but is an array of 1."],
  ])("%s: %j is refused", (field, value, problem) => {
    expect(problemOf(version({ [field]: value }))).toContain(problem);
  });

  it.each<[field: string, value: unknown, key: string, decoded: unknown]>([
    ["version_number", 2 ** 53 - 1, "versionNumber", 2 ** 53 - 1],
    ["version_number", 0, "versionNumber", 0],
    ["is_production", false, "isProduction", false],
    ["is_production", null, "isProduction", false],
    ["prompt_type", null, "type", "text"],
    ["prompt_type", "", "type", "text"],
    ["prompt_type", "", "declaredType", undefined],
    ["name", "welcome", "name", "welcome"],
    ["name", 5, "name", undefined],
    ["variables", [], "declaredVariables", []],
    ["variables", null, "declaredVariables", null],
    ["created_at", null, "createdAt", ""],
    ["updated_at", "u", "updatedAt", "u"],
    ["status", "archived", "status", "archived"],
    ["status", "draft", "status", "draft"],
  ])("%s: %j is valid", (field, value, key, decoded) => {
    const data = decodeVersion(version({ [field]: value }), { name: "greeting", pin: PRODUCTION });
    expect(data).toHaveProperty(key, decoded);
  });

  it("of an object that came instead, six names are shown, up to 120 characters", () => {
    const keys = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
    expect(problemOf(version({ status: keys(["a", "b", "c", "d", "e", "f", "g"]) }))).toMatch(
      /is an object of "a","b","c","d","e","f"\.$/,
    );
    expect(problemOf(version({ status: keys(["x".repeat(200)]) }))).toMatch(/is an object of "x{119}\.$/);
  });
});

describe("the messages of a chat", () => {
  const chat = (content: unknown) => version({ prompt_type: "chat", content });

  it.each<[name: string, message: unknown, is: string]>([
    ["an empty role", { role: "", content: "a" }, 'an object of "role","content"'],
    ["a role that isn't a string", { role: 1, content: "a" }, 'an object of "role","content"'],
    ["no content", { role: "user" }, 'an object of "role"'],
    ["null", null, "null"],
  ])("%s is refused", (_, message, is) => {
    expect(errorOf(chat([message]))).toMatchObject({
      field: "content[0]",
      message: expect.stringContaining(`content[0] must be messages of "role" and "content", but is ${is}.`),
    });
  });

  it("keep role and content, and are frozen", () => {
    const body = chat([{ role: "user", content: "", name: "left out" }]);
    const { content, type } = decodeVersion(body, { name: "greeting", pin: PRODUCTION });
    expect([type, content]).toEqual(["chat", [{ role: "user", content: "" }]]);
    expect(Object.isFrozen(content) && Object.isFrozen(content[0])).toBe(true);
  });

  it("a text in them that is nested too deep isn't parsed", () => {
    const text = `${"[".repeat(201)}${"]".repeat(201)}`;
    expect(errorOf(chat(text))).toMatchObject({ field: "content", value: text });
  });

  it.each(["Hello {{name}}!", "[system] Be kind. [human] Hello", "", "5", '"Hello"', "null"])(
    "a plain text is a text prompt that is declared as a chat: %j",
    (content) => {
      expect(decodeVersion(chat(content), { name: "greeting", pin: PRODUCTION })).toMatchObject({
        type: "text",
        content,
        declaredType: "chat",
      });
    },
  );
});
