import { describe, expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import type { Pin } from "../../../src/prompt.ts";
import { thrownBy } from "../client-setup.ts";
import { version } from "../faulty-platform.ts";

const PRODUCTION: Pin = { kind: "label", label: "production" };
const byId = (versionId: string): Pin => ({ kind: "version", versionId });

const decode = (body: unknown, pin: Pin = PRODUCTION, options = {}) =>
  decodeVersion(body, { name: "greeting", pin }, options);
const errorOf = (body: unknown, pin: Pin = PRODUCTION, options = {}) =>
  thrownBy(() => decode(body, pin, options));
/** What is wrong with it, after the words that every such error has. */
const problemOf = (body: unknown, pin: Pin = PRODUCTION) =>
  errorOf(body, pin).message.replace(`The response for prompt "greeting" can't be read: `, "");

describe("a response that isn't a prompt version names the field, what it must be and what it is", () => {
  const keys = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 1]));
  // biome-ignore format: one row a line
  it.each<[field: string, value: unknown, problem: string]>([
    ["id", "", 'text, but is "".'],
    ["id", undefined, "text, but is absent."],
    ["prompt_id", 7, "text, but is 7."],
    ["prompt_id", "", 'text, but is "".'],
    ["version_number", 1.5, "a whole number, but is 1.5."],
    ["version_number", -1, "a whole number, but is -1."],
    ["version_number", 2 ** 53, "a whole number, but is 9007199254740992."],
    ["version_number", null, "a whole number, but is null."],
    ["status", null, '"draft", "published" or "archived", but is null.'],
    ["status", "x".repeat(80), `"draft", "published" or "archived", but is "${"x".repeat(80)}".`],
    ["status", "x".repeat(81), `"draft", "published" or "archived", but is "${"x".repeat(80)}…".`],
    ["is_production", "yes", 'true or false, but is "yes".'],
    ["is_production", 1, "true or false, but is 1."],
    ["variables", ["a", 1], "names, but is an array of 2."],
    ["variables", "name", 'names, but is "name".'],
    ["metadata", [], "an object, but is an array of 0."],
    ["metadata", "none", 'an object, but is "none".'],
    ["metadata", { a: Infinity }, 'without numbers out of range, but is an object of "a".'],
    ["tags", "demo", 'texts, but is "demo".'],
    ["promoted_at", 1, "text, but is 1."],
    ["promoted_by", {}, "text, but is an object of nothing."],
    ["created_at", 1, "a time, but is 1."],
    ["updated_at", keys("a", "b", "c", "d", "e", "f", "g"), 'a time, but is an object of "a","b","c","d","e","f".'],
    ["updated_at", keys("x".repeat(200)), `a time, but is an object of "${"x".repeat(119)}.`],
  ])("%s: %j", (field, value, problem) => {
    const error = errorOf(version({ [field]: value }));
    expect(error).toMatchObject({ name: "ValidationError", code: "response_invalid", field });
    if (value !== undefined) expect(error.value).toEqual(value);
    expect(error.message).toBe(
      `The response for prompt "greeting" can't be read: ${field} must be ${problem}`,
    );
    const isKnown = !["id", "prompt_id", "version_number"].includes(field);
    expect(error.where).toEqual({
      prompt: "greeting",
      ...(isKnown && { versionId: "version_1", versionNumber: 1 }),
    });
  });

  // biome-ignore format: one row a line
  it.each<[fields: object, problem: string]>([
    [{ prompt_type: "image" }, 'prompt_type must be "text" or "chat", but is "image".'],
    [{ prompt_type: false }, 'prompt_type must be "text" or "chat", but is false.'],
    [{ content: [1, 2] }, "content must be text, but is an array of 2."],
    [{ content: null }, "content must be text, but is null."],
    [chat('{"a":"hush"}'), 'content must be messages of "role" and "content", but is another text.'],
    [chat({ messages: 1 }), 'content must be messages of "role" and "content", but is an object of "messages".'],
    [chat([{ role: "user", content: "a" }, { role: "" }]), 'content[1] must be messages of "role" and "content", but is an object of "role".'],
    [chat([{ role: "", content: "a" }]), 'content[0] must be messages of "role" and "content", but is an object of "role","content".'],
    [chat([{ role: 1, content: "a" }]), 'content[0] must be messages of "role" and "content", but is an object of "role","content".'],
    [chat([{ role: "user" }]), 'content[0] must be messages of "role" and "content", but is an object of "role".'],
    [chat([null]), 'content[0] must be messages of "role" and "content", but is null.'],
    [chat([{ role: "user", content: "a", text: "b" }]), "content[0].content must be the same as its text, but is another text."],
    [chat("[".repeat(201) + "]".repeat(201)), 'content must be messages of "role" and "content", but is another text.'],
  ])("a form that isn't known has a code of its own, and shows no text: %j", (fields, problem) => {
    const error = errorOf(version({ ...fields }));
    expect(error.code).toBe("response_form_unknown");
    expect(error.message).toBe(`The response for prompt "greeting" can't be read: ${problem}`);
  });

  it("a broken body isn't an unknown form, whatever its content", () => {
    expect(problemOf(null)).toBe("body must be an object, but is null.");
    for (const field of ["id", "prompt_id", "version_number"])
      expect(errorOf(version({ prompt_type: "image", content: [], [field]: undefined }))).toMatchObject({
        code: "response_invalid",
        field,
      });
  });

  it("a body that contains the token isn't shown", () => {
    const error = errorOf(version({ status: "token" }), PRODUCTION, { isSecret: () => true });
    expect(error.message).toMatch(/"archived"\. It contains the token, so it isn't shown\.$/);
    expect({ ...error }).toEqual({
      code: "response_invalid",
      field: "status",
      where: { prompt: "greeting" },
    });
    expect(errorOf(version({ status: "lost" }), PRODUCTION, { isSecret: () => false }).value).toBe("lost");
  });
});

describe("every spelling of a version is decoded", () => {
  const rest = version({ id: undefined, version_number: undefined });

  it.each<[form: string, fields: Record<string, unknown>]>([
    ["of the documentation", { version_id: "v_01DEF", version: 3, name: "greeting", tags: ["demo"] }],
    ["of the Python SDK", { id: "v_01DEF", version_number: 3 }],
    ["of the Ruby SDK", { version_id: "v_01DEF", version: 3 }],
    ["of all three", { id: "v_01DEF", version_id: "v_01DEF", version: 3, version_number: 3 }],
    ["with the other one null", { id: null, version_id: "v_01DEF", version: 3, version_number: null }],
  ])("%s", (_, fields) => {
    expect(decode({ ...rest, ...fields })).toMatchObject({ id: "v_01DEF", versionNumber: 3 });
    expect(decode({ ...rest, ...fields }, byId("v_01DEF")).id).toBe("v_01DEF");
  });

  // biome-ignore format: one row a line
  it.each<[fields: Record<string, unknown>, problem: string, pin?: Pin]>([
    [{ id: "a", version_id: "b" }, 'id must be the same as version_id, but is "a", not "b".'],
    [{ id: "a", version_id: "b" }, 'id must be the same as version_id, but is "a", not "b".', byId("a")],
    [{ id: "a", version_id: "b" }, 'id must be the same as version_id, but is "a", not "b".', byId("b")],
    [{ id: "a", version: 1, version_number: 2 }, "version_number must be the same as version, but is 2, not 1."],
    [{ id: "a", version: "1", version_number: 1 }, 'version_number must be the same as version, but is 1, not "1".'],
    [{ version_id: 7, version: 1 }, "version_id must be text, but is 7."],
    [{ version_id: "a", version: "3" }, 'version must be a whole number, but is "3".'],
    [{ id: "a", version: 1 }, 'id must be "b", but is "a".', byId("b")],
  ])("%j is refused", (fields, problem, pin) => {
    expect(problemOf({ ...rest, ...fields }, pin)).toBe(problem);
  });
});

it.each<[mostParts: number, field: string]>([
  [6, "metadata"],
  [3, "variables"],
  [1, "content"],
])("more than %i values and places of variables are refused: in %s", (mostParts, field) => {
  const error = errorOf(version(), PRODUCTION, { mostParts });
  expect(error.message).toBe(
    `The response for prompt "greeting" has more than ${mostParts} values and variables.`,
  );
  expect({ ...error }).toEqual({ code: "response_too_large", field, where: { prompt: "greeting" } });
  expect(() => decode(version(), PRODUCTION, { mostParts: 7 })).not.toThrow();
});

it("what the platform can leave out gets its default", () => {
  const bare = { id: "v", prompt_id: "p", version_number: 0, content: "", status: "draft" };
  const decoded = decode(bare);
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

// biome-ignore format: one row a line
it.each<[fields: object, decoded: object]>([
  [{ version_number: 2 ** 53 - 1 }, { versionNumber: 2 ** 53 - 1 }],
  [{ is_production: null }, { isProduction: false }],
  [{ prompt_type: null }, { type: "text" }],
  [{ prompt_type: "" }, { type: "text", declaredType: undefined }],
  [{ name: "welcome" }, { name: "welcome" }],
  [{ name: 5 }, { name: undefined }],
  [{ name: null, promoted_by: null, updated_at: null }, { name: undefined, promotedBy: undefined, updatedAt: "" }],
  [{ variables: [] }, { declaredVariables: [] }],
  [{ tags: ["demo"], promoted_at: "p", promoted_by: "u" }, { tags: ["demo"], promotedAt: "p", promotedBy: "u" }],
  [{ tags: null, promoted_at: null }, { tags: undefined, promotedAt: undefined, promotedBy: undefined }],
  [{ created_at: null, updated_at: "u" }, { createdAt: "", updatedAt: "u" }],
  [{ status: "archived" }, { status: "archived" }],
  [chat([{ role: "user", content: "", name: "left out" }]), { content: [{ role: "user", content: "" }] }],
  [chat('[{"role":"user","content":"a"}]'), { content: [{ role: "user", content: "a" }] }],
  [chat({ messages: [{ type: "HUMAN", text: "a" }] }), { content: [{ role: "HUMAN", content: "a" }] }],
  [chat([{ role: "user", type: "message", content: "a" }]), { content: [{ role: "user", content: "a" }] }],
  [chat([{ role: "user", content: "a", text: "a" }]), { type: "chat" }],
  [chat([{ role: "user", content: "a", text: null }]), { type: "chat" }],
  ...["Hello {{name}}!", "[system] Be kind. [human] Hello", "", "5", '"Hello"', "null"].map(
    (content): [object, object] => [chat(content), { type: "text", content, declaredType: "chat" }],
  ),
])("%j is %j, frozen", (fields, decoded) => {
  const data = decode(version({ ...fields }));
  expect(data).toMatchObject(decoded);
  for (const value of [data.tags ?? data, data.content, data.content[0]])
    expect(Object.isFrozen(value)).toBe(true);
});

it("metadata is frozen at every depth", () => {
  const { metadata } = decode(version({ metadata: { list: [{ deep: [1] }] } }));
  const list = metadata.list as unknown as { deep: number[] }[];
  for (const each of [metadata, list, list[0], list[0]?.deep]) expect(Object.isFrozen(each)).toBe(true);
});

function chat(content: unknown) {
  return { prompt_type: "chat", content };
}
