import { describe, expect, test } from "vitest";
import { serve, writeIn } from "./platform-helpers.ts";

const ID = "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const GIVEN = `{"id":"${ID}"}`;

/** One version, and files that are none. */
const NO_VERSIONS = {
  "p/1.md": "one",
  "p/02.md": "leading zero",
  "p/0.md": "zero",
  "p/3.txt": "another type",
  "p/4.md.bak": "a copy",
  "p/README.md": "notes",
  "p/9.md/1.md": "a folder named like a file",
};

describe("the response for a version", () => {
  test("a text prompt without settings: the highest number is production and latest", async () => {
    const text = "Dear {{name}},\r\n{{ not }} {{b}} {{name}} {{名前}} \u2028 `$` \\ 👋\r\n";
    const { get } = await serve({ "mail/1.md": "old", "mail/2.md": "older", "mail/10.md": text });
    const { status, json, headers } = await get("mail/production");
    expect(status).toBe(200);
    expect(json).toEqual({
      id: expect.stringMatching(/^version_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      version_id: json.id,
      prompt_id: expect.stringMatching(/^prompt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      name: "mail",
      version_number: 10,
      version: 10,
      content: text,
      variables: ["name", "b", "名前"],
      status: "published",
      is_production: true,
      prompt_type: "text",
      metadata: {},
      tags: [],
      created_at: "2025-01-01T00:00:00.000Z",
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
      promoted_at: null,
      promoted_by: null,
    });
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect((await get("mail/latest")).json).toEqual(json);
    expect((await get(`mail/versions/${json.id}`)).json).toEqual(json);
  });

  test("a chat prompt is an array of messages, with its variables in the order of first use", async () => {
    const messages = [
      { role: "system", content: "Be {{tone}}." },
      { role: "user", content: "{{ticket}} {{tone}}" },
    ];
    const { get } = await serve({ "triage/1.json": JSON.stringify(messages) });
    const { json } = await get("triage/latest");
    expect(json).toMatchObject({ prompt_type: "chat", content: messages, variables: ["tone", "ticket"] });
  });

  test("settings decide production, IDs, status and metadata", async () => {
    const metadata = { model: "m", nested: { a: [1, null, "x"] }, __proto__x: true };
    const settings = {
      id: ID,
      production: 2,
      versions: {
        "1": { status: "archived" },
        "2": { id: "version_two", metadata },
        "3": { status: "draft", metadata: null },
      },
    };
    const { get } = await serve({
      "p/1.md": "one",
      "p/2.md": "two",
      "p/3.md": "three",
      "p/prompt.json": `\uFEFF${JSON.stringify(settings)}`,
    });
    const production = (await get("p/production")).json;
    expect(production).toMatchObject({
      content: "two",
      id: "version_two",
      prompt_id: ID,
      is_production: true,
    });
    expect(production.metadata).toEqual(metadata);
    const latest = (await get("p/latest")).json;
    expect(latest).toMatchObject({ content: "three", status: "draft", is_production: false, metadata: {} });
    expect((await get(`p/versions/${latest.id}`)).json).toEqual(latest);
    expect((await get("p/versions/version_two")).json).toEqual(production);
  });

  test("metadata keeps every key, and their order, which a schema's messages depend on", async () => {
    const settings = `{"versions":{"1":{"metadata":{"z":1,"__proto__":{"a":1},"constructor":2,"output_schema":{"type":"object","b":2,"a":3},"c":4}}}}`;
    const { get } = await serve({ "p/1.md": "x", "p/prompt.json": settings });
    const { text } = await get("p/production");
    expect(text).toContain(
      `"metadata":{"z":1,"__proto__":{"a":1},"constructor":2,"output_schema":{"type":"object","b":2,"a":3},"c":4}`,
    );
  });

  // biome-ignore format: one row a line
  test.each<[what: string, files: Record<string, string>, path: string, status: number, json: object]>([
    ["an empty file is an empty prompt", { "empty/1.md": "" }, "empty/production", 200, { content: "", variables: [] }],
    ["a byte order mark is part of a text", { "bom/1.md": "\uFEFFHi" }, "bom/production", 200, { content: "\uFEFFHi" }],
    ["lone surrogates in a chat file are sent unchanged", { "s/1.json": `[{"role":"user","content":"\\ud800 {{a}}"}]` }, "s/latest", 200, { content: [{ content: "\ud800 {{a}}" }] }],
    ["files that aren't versions aren't served", NO_VERSIONS, "p/latest", 200, { content: "one" }],
    ["a folder can be named like a file", NO_VERSIONS, "p/9.md/latest", 200, { content: "a folder named like a file" }],
    ["a valid ID is never a name", { [`${ID}/1.md`]: "x" }, `${ID}/latest`, 404, { error: { code: "prompt_not_found", message: expect.stringContaining("a value of this form is an ID") } }],
    ["two prompts with one ID: an error that names them", { "one/1.md": "x", "one/prompt.json": GIVEN, "two/1.md": "x", "two/prompt.json": GIVEN }, `${ID}/latest`, 422, { error: { message: `"one" and "two" have the same id, ${ID}.` } }],
    ["two versions with one ID: an error that names it", { "p/1.md": "x", "p/2.md": "y", "p/prompt.json": `{"versions":{"1":{"id":"v"},"2":{"id":"v"}}}` }, "p/latest", 422, { error: { code: "invalid_prompt", message: `p/prompt.json can't be used: two versions have the id "v".` } }],
    ["a damaged prompt doesn't hide another from its ID", { "broken/1.md": "x", "broken/prompt.json": "{", "sound/1.md": "sound", "sound/prompt.json": GIVEN }, `${ID}/latest`, 200, { content: "sound" }],
  ])("%s", async (_, files, path, status, json) => {
    const { get } = await serve(files);
    expect(await get(path)).toMatchObject({ status, json });
  });
});

describe("ids", () => {
  test("derived ones are the same in every run and every folder", async () => {
    const files = { "a/1.md": "x", "a/2.md": "y", "b/1.md": "x" };
    const [one, two] = [await serve(files), await serve({ ...files, "c/1.md": "z" })];
    const ids = async ({ get }: typeof one) => {
      const answers = [await get("a/latest"), await get("b/latest")];
      return answers.flatMap(({ json }) => [json.prompt_id, json.id]);
    };
    expect(await ids(one)).toEqual(await ids(two));
    expect(new Set(await ids(one)).size).toBe(4);
    // For good: they may be pinned in somebody's code.
    expect(await ids(one)).toMatchInlineSnapshot(`
      [
        "prompt_73ZMEPA4HF9TY5D4PA92N3C32T",
        "version_5MQ5N49BHJ54430SP6YN2GMX0K",
        "prompt_33DXFVF4MKJEZTJH0ZZWSSVNBP",
        "version_4N8AGS9TWPF9ZESEN2JXHE4XD5",
      ]
    `);
  });

  test("a prompt is found by its given and by its derived ID, in upper or lower case", async () => {
    const { get } = await serve({
      "given/1.md": "given",
      "given/prompt.json": GIVEN,
      "deep/er/1.md": "derived",
    });
    const derived = (await get("deep%2Fer/latest")).json.prompt_id;
    for (let round = 0; round < 2; round += 1) {
      expect((await get(`${ID}/production`)).json.content).toBe("given");
      expect((await get(`prompt_${ID.slice(7).toLowerCase()}/production`)).json.content).toBe("given");
      expect((await get(`${derived}/latest`)).json).toMatchObject({ content: "derived", prompt_id: derived });
    }
  });

  test.each([
    ["not a ULID", "prompt_library"],
    ["one character too short", "prompt_01ARZ3NDEKTSV4RRFFQ69G5FA"],
    ["one character too long", "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAVX"],
    ["a character that ULIDs don't have", "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAU"],
    ["past the largest ULID", "prompt_81ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["upper-case prefix", "PROMPT_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ])("prompt_ with %s is a name", async (_, name) => {
    const { get } = await serve({ [`${name}/1.md`]: "by name" });
    expect((await get(`${name}/latest`)).json.content).toBe("by name");
  });

  test("an ID moves with its prompt to another folder", async () => {
    const { dir, get } = await serve({ "old/1.md": "x", "old/prompt.json": GIVEN });
    expect((await get(`${ID}/latest`)).json.content).toBe("x");
    await writeIn(dir, "new/1.md", "moved");
    await writeIn(dir, "new/prompt.json", GIVEN);
    await writeIn(dir, "old/prompt.json", "{}");
    expect((await get(`${ID}/latest`)).json.content).toBe("moved");
  });
});

describe("a missing prompt or version", () => {
  const FILES = {
    "greeting-template/1.md": "hi",
    "none/1.md": "x",
    "none/2.md": "y",
    "none/prompt.json": `{"production":null}`,
    "group/inner/1.md": "z",
    "hollow/prompt.json": "{}",
  };

  // biome-ignore format: one row a line
  test.each([
    ["greeting-tempalte/production", "prompt_not_found", `There's no prompt "greeting-tempalte". Did you mean "greeting-template"?`],
    ["something-else/latest", "prompt_not_found", `There's no prompt "something-else".`],
    ["Greeting-Template/latest", "prompt_not_found", `There's no prompt "Greeting-Template". Did you mean "greeting-template"?`],
    ["group/latest", "prompt_not_found", `There's no prompt "group". Did you mean "group/inner"?`],
    ["hollow/latest", "prompt_not_found", `"hollow" has a prompt.json but no version. Write one as 1.md next to it.`],
    ["none/production", "no_production_version", `No version of "none" is production. Its latest is version 2.`],
    ["prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV/latest", "prompt_not_found", `There's no prompt "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV".`],
    ["missing/versions/v1", "prompt_not_found", `There's no prompt "missing".`],
  ])("%s: 404 %s", async (path, code, message) => {
    const { get } = await serve(FILES);
    const { status, json } = await get(path);
    expect(status).toBe(404);
    expect(json).toEqual({ code, message, error: { code, message } });
  });

  test("a missing version: its number isn't an ID, and the response lists what exists", async () => {
    const { get } = await serve(FILES);
    expect((await get("none/latest")).json.version_number).toBe(2);
    const { status, json } = await get("none/versions/2");
    expect(status).toBe(404);
    expect(json.error.code).toBe("version_not_found");
    expect(json.error.message).toMatch(
      /^"none" has no version "2"\. It has version_\w{26} \(1\), version_\w{26} \(2\)\.$/,
    );
  });
});
