import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { projectFolder } from "../project/config/project-folder.ts";
import { serve, writeIn } from "./platform-helpers.ts";

describe("edits show at once", () => {
  test("a text, a new version, a removed one, settings, a new prompt, a renamed one", async () => {
    const { dir, get } = await serve({ "p/1.md": "one" });
    const production = async () => (await get("p/production")).json.content;
    expect(await production()).toBe("one");
    await writeIn(dir, "p/1.md", "ONE");
    expect(await production()).toBe("ONE");
    await writeIn(dir, "p/2.md", "two");
    expect(await production()).toBe("two");
    await writeIn(dir, "p/prompt.json", `{"production":1}`);
    expect(await production()).toBe("ONE");
    await writeIn(dir, "p/prompt.json", `{"production":null}`);
    expect((await get("p/production")).json.error.code).toBe("no_production_version");
    await rm(join(dir, "p/prompt.json"));
    expect(await production()).toBe("two");
    await rm(join(dir, "p/2.md"));
    expect(await production()).toBe("ONE");
    await writeIn(dir, "q/1.json", `[{"role":"user","content":"new"}]`);
    expect((await get("q/latest")).json.content).toEqual([{ role: "user", content: "new" }]);
    await rename(join(dir, "q"), join(dir, "r"));
    expect((await get("q/latest")).status).toBe(404);
    expect((await get("r/latest")).status).toBe(200);
  });

  test("an edit that keeps the size and the modification time", async () => {
    const { dir, get } = await serve({ "p/1.md": "aaa" });
    const past = new Date("2020-01-01");
    await utimes(join(dir, "p/1.md"), past, past);
    expect((await get("p/latest")).json.content).toBe("aaa");
    await writeIn(dir, "p/1.md", "bbb");
    await utimes(join(dir, "p/1.md"), past, past);
    expect((await get("p/latest")).json.content).toBe("bbb");
  });

  test("a file with a date in the future is read without waiting", async () => {
    const { dir, get } = await serve({ "p/1.md": "later" });
    const future = new Date(Date.now() + 3_600_000);
    await utimes(join(dir, "p/1.md"), future, future);
    expect((await get("p/latest")).json.content).toBe("later");
  });

  test("the whole folder can be replaced, and be missing for a while", async () => {
    const outer = await projectFolder({ "prompts/p/1.md": "old", "next/p/1.md": "new" });
    const dir = join(outer, "prompts");
    const { get } = await serve(dir);
    await rename(dir, join(outer, "previous"));
    const gone = await get("p/latest");
    expect(gone.status).toBe(500);
    expect(gone.json.error.message).toContain("The folder of prompts is gone");
    await rename(join(outer, "next"), dir);
    expect((await get("p/latest")).json.content).toBe("new");
  });
});

// Another process, as an editor is: it writes each version in place, in two steps or more, over and over.
const WRITER = `
const { closeSync, openSync, renameSync, writeFileSync, writeSync } = require("node:fs");
const [, file, how] = process.argv;
const versions = ["a", "b", "c", "d"].map((letter) =>
  how === "json" ? JSON.stringify([{ role: "user", content: letter.repeat(200000) }]) : letter.repeat(200000));
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
for (let turn = 0; ; turn += 1) {
  const text = versions[turn % versions.length];
  if (how === "rename") {
    writeFileSync(file + ".tmp", text);
    renameSync(file + ".tmp", file);
  } else {
    const handle = openSync(file, "w");
    pause(4);
    writeSync(handle, text.slice(0, 70000));
    writeSync(handle, text.slice(70000));
    closeSync(handle);
  }
  if (how !== "rename" || turn % 9 === 0) pause(150);
}`;

describe("a file that is being written is never served half-written", () => {
  test.each([
    ["in place, with pauses", "text", "1.md"],
    ["in place, as JSON", "json", "1.json"],
    ["by renaming a finished file, without a pause", "rename", "1.md"],
  ])("%s", async (_, how, name) => {
    const whole =
      how === "json" ? `[{"role":"user","content":"${"a".repeat(200_000)}"}]` : "a".repeat(200_000);
    const { dir, get } = await serve({ [`p/${name}`]: whole });
    expect((await get("p/latest")).status).toBe(200);
    const writer = spawn(process.execPath, ["-e", WRITER, join(dir, "p", name), how], { stdio: "inherit" });
    onTestFinished(() => {
      writer.kill();
    });
    await once(writer, "spawn");
    const letters = new Set<string>();
    const endAt = Date.now() + 2000;
    // On a slow machine the other process needs longer until its second version is seen.
    while (Date.now() < endAt || (letters.size < 2 && Date.now() < endAt + 30_000)) {
      for (const { status, json } of await Promise.all([get("p/latest"), get("p/production")])) {
        expect(status).toBe(200);
        const text: string = how === "json" ? json.content[0].content : json.content;
        expect(text).toHaveLength(200_000);
        expect(text).toBe((text[0] ?? "").repeat(200_000));
        letters.add(text[0] ?? "");
      }
    }
    writer.kill();
    await once(writer, "exit");
    expect(letters.size).toBeGreaterThan(1);
  });
});

describe("an unusable file names itself and affects nothing else", () => {
  // biome-ignore format: one row a line
  test.each([
    ["not JSON", "p/prompt.json", "{", /^p\/prompt\.json can't be used: it isn't JSON: /],
    ["an array", "p/prompt.json", "[]", "p/prompt.json can't be used: it must be an object."],
    ["a missing version as production", "p/prompt.json", `{"production":7}`, `p/prompt.json can't be used: "production" is 7, and there's no 7.md or 7.json.`],
    ["a string as production", "p/prompt.json", `{"production":"1"}`, `p/prompt.json can't be used: "production" must be a version number or null.`],
    ["a fraction as production", "p/prompt.json", `{"production":1.5}`, `p/prompt.json can't be used: "production" must be a version number or null.`],
    ["a misspelt key", "p/prompt.json", `{"prodution":1}`, `p/prompt.json can't be used: "prodution" isn't known. Did you mean "production"?`],
    ["an unknown key", "p/prompt.json", `{"versions":{"1":{"zzz":1}}}`, `p/prompt.json can't be used: "versions.1.zzz" isn't known. Known: id, status, metadata, tags, promoted_at, promoted_by.`],
    ["a version that isn't a number", "p/prompt.json", `{"versions":{"one":{}}}`, `p/prompt.json can't be used: "versions.one": "one" isn't a version number.`],
    ["an unknown status", "p/prompt.json", `{"versions":{"1":{"status":"live"}}}`, `p/prompt.json can't be used: "versions.1.status" must be one of draft, published, archived.`],
    ["an id of the wrong kind", "p/prompt.json", `{"id":5}`, `p/prompt.json can't be used: "id" must be text.`],
    ["metadata of the wrong kind", "p/prompt.json", `{"versions":{"1":{"metadata":[]}}}`, `p/prompt.json can't be used: "versions.1.metadata" must be an object.`],
    ["tags of the wrong kind", "p/prompt.json", `{"versions":{"1":{"tags":"demo"}}}`, `p/prompt.json can't be used: "versions.1.tags" must be a list of texts.`],
    ["a promotion without a time", "p/prompt.json", `{"versions":{"1":{"promoted_at":"yesterday"}}}`, `p/prompt.json can't be used: "versions.1.promoted_at" must be a time such as "2025-01-31T09:30:00Z".`],
    ["a promotion without a person", "p/prompt.json", `{"versions":{"1":{"promoted_by":""}}}`, `p/prompt.json can't be used: "versions.1.promoted_by" must be text.`],
    ["a __proto__ key", "p/prompt.json", `{"__proto__":{"production":1}}`, /"__proto__" isn't known/],
    ["a prompt that is not UTF-8", "p/2.md", new Uint8Array([72, 105, 0xff]), /^p\/2\.md can't be used: it isn't UTF-8 /],
    ["a chat prompt cut off", "p/2.json", `[{"role":"user","con`, /^p\/2\.json can't be used: it isn't JSON: /],
    ["a chat prompt that is an object", "p/2.json", `{"messages":[]}`, "p/2.json can't be used: a chat prompt is an array of { role, content }."],
    ["a message without a role", "p/2.json", `[{"role":"user","content":"x"},{"content":"x"}]`, `p/2.json can't be used: message 2 has no "role" of text.`],
    ["a message without text", "p/2.json", `[{"role":"user","content":null}]`, `p/2.json can't be used: message 1 has no "content" of text.`],
    ["a message that isn't one", "p/2.json", `[null]`, `p/2.json can't be used: message 1 has no "role" of text.`],
    ["a message with extra fields", "p/2.json", `[{"role":"user","content":"x","name":"y"}]`, `p/2.json can't be used: message 1 has an unknown key, "name".`],
    ["one version in two files", "p/1.json", `[]`, "p can't be used: version 1 is there twice, as .md and as .json."],
  ])("%s", async (_, path, content, message) => {
    const { get } = await serve({ "p/1.md": "one", "sound/1.md": "sound", [path]: content });
    const { status, json } = await get("p/latest");
    // No 5xx, which a client takes for an outage.
    expect(status).toBe(422);
    expect(json.error.code).toBe("invalid_prompt");
    if (message instanceof RegExp) expect(json.error.message).toMatch(message);
    else expect(json.error.message).toBe(message);
    expect((await get("sound/latest")).json.content).toBe("sound");
  });

  test("a damaged version doesn't affect the others of its prompt", async () => {
    const { get } = await serve({ "p/1.md": "one", "p/2.json": "{", "p/prompt.json": `{"production":1}` });
    expect((await get("p/production")).json.content).toBe("one");
    expect((await get("p/latest")).status).toBe(422);
  });

  test("a repair shows at once", async () => {
    const { dir, get } = await serve({ "p/1.json": "[" });
    expect((await get("p/latest")).status).toBe(422);
    await writeIn(dir, "p/1.json", "[]");
    expect((await get("p/latest")).json.content).toEqual([]);
  });

  test("a folder instead of a file", async () => {
    const { dir, get } = await serve({ "p/1.md": "one" });
    await mkdir(join(dir, "p/prompt.json"));
    await mkdir(join(dir, "p/2.json"));
    await writeFile(join(dir, "not-a-folder"), "x");
    expect((await get("p/latest")).json.content).toBe("one");
    expect((await get("not-a-folder/latest")).status).toBe(404);
  });
});
