import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listPrompts } from "../../src/platform/index.ts";
import { projectFolder } from "../project/config/project-folder.ts";
import { ROOT } from "../support/run.ts";

describe("listPrompts", () => {
  test("lists every prompt with its versions, in the order of names", async () => {
    const dir = await projectFolder({
      "b/1.md": "x",
      "b/3.md": "y",
      "B/1.json": "[]",
      "a/deep/1.md": "x",
      "a/deep/prompt.json": `{"id":"prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV","production":null}`,
      "a/notes.md": "not a prompt",
      "1.md": "not in a prompt's folder",
    });
    const [id, problem] = [expect.any(String), undefined];
    const given = "prompt_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    expect(await listPrompts(dir)).toEqual([
      { name: "B", id, type: "chat", versions: [1], production: 1, problem },
      { name: "a/deep", id: given, type: "text", versions: [1], production: null, problem },
      { name: "b", id, type: "text", versions: [1, 3], production: 3, problem },
    ]);
  });

  test("lists a prompt that can't be served with its problem", async () => {
    const dir = await projectFolder({
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

test("each prompt of fixtures/prompts can be served", async () => {
  const listing = await listPrompts(join(ROOT, "fixtures", "prompts"));
  expect(listing.map(({ problem }) => problem)).toEqual(Array(8).fill(undefined));
});
