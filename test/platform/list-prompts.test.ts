import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { listPrompts } from "../../src/platform/index.ts";
import { loggedIn, makeFolder, serve } from "./platform-helpers.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/prompts", import.meta.url));

describe("listPrompts", () => {
  test("lists every prompt with its versions, in the order of names", async () => {
    const dir = await makeFolder({
      "b/1.md": "x",
      "b/3.md": "y",
      "B/1.json": "[]",
      "a/deep/1.md": "x",
      "a/deep/prompt.json": `{"id":"prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV","production":null}`,
      "a/notes.md": "not a prompt",
      "1.md": "not in a prompt's folder",
    });
    expect(await listPrompts(dir)).toEqual([
      { name: "B", id: expect.any(String), type: "chat", versions: [1], production: 1, problem: undefined },
      {
        name: "a/deep",
        id: "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        type: "text",
        versions: [1],
        production: null,
        problem: undefined,
      },
      {
        name: "b",
        id: expect.any(String),
        type: "text",
        versions: [1, 3],
        production: 3,
        problem: undefined,
      },
    ]);
  });

  test("lists a prompt that can't be served with its problem", async () => {
    const dir = await makeFolder({
      "broken/1.md": "x",
      "broken/prompt.json": "{}}",
      "cut/1.json": "[",
      "cut/2.json": "[]",
      "early/1.md": "x",
      "early/prompt.json": `{"versions":{"1":{},"2":{}}}`,
      "hollow/prompt.json": "{}",
      "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV/1.md": "x",
    });
    const problems = (await listPrompts(dir)).map(({ name, problem }) => `${name}: ${problem}`);
    expect(problems).toEqual([
      expect.stringMatching(/^broken: broken\/prompt\.json can't be used: it isn't JSON/),
      expect.stringMatching(/^cut: cut\/1\.json can't be used: it isn't JSON/),
      "early: early/prompt.json describes version 2, and there's no 2.md or 2.json.",
      `hollow: "hollow" has a prompt.json but no version. Write one as 1.md next to it.`,
      `prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV: "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV" has the form of an ID, so it isn't found by name.`,
    ]);
  });
});

describe("fixtures/prompts", () => {
  test("every prompt is valid, and can be requested in every way", async () => {
    const listing = await listPrompts(FIXTURES);
    expect(listing.map(({ name }) => name)).toEqual([
      "billing_enquiry_handler",
      "code-review",
      "greeting-template",
      "legal/disclaimer",
      "onboarding/email/welcome",
      "support/refund-reply",
      "support/triage",
      "Übersetzung",
    ]);
    const { url } = await serve(FIXTURES);
    const get = await loggedIn(url);
    for (const { name, id, production, problem } of listing) {
      expect(problem).toBeUndefined();
      const latest = await get(`${encodeURIComponent(name)}/latest`);
      expect(latest.status).toBe(200);
      expect((await get(`${id}/latest`)).json).toEqual(latest.json);
      expect((await get(`${id}/versions/${latest.json.id}`)).json).toEqual(latest.json);
      expect((await get(`${encodeURIComponent(name)}/production`)).status).toBe(
        production === null ? 404 : 200,
      );
    }
  });

  test("the hostile one keeps its line endings and characters", async () => {
    const { url } = await serve(FIXTURES);
    const { json } = await (await loggedIn(url))("code-review/production");
    for (const text of [
      "\r\n",
      "\u2028",
      "\u2029",
      "</script>",
      "{danger}`",
      "\\u0041",
      "👩🏽‍💻",
      "{{ file }}",
      "a\u0301",
    ]) {
      expect(json.content).toContain(text);
    }
    expect(json.content).not.toMatch(/[^\r]\n/);
    expect(json.variables).toEqual(["file", "language", "diff"]);
  });
});
