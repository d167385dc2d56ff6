// An answer holds up the server that renders for as long as it is read: neither its size nor its depth may take seconds.
import { expect, it } from "vitest";
import { liveMaxBodyBytes } from "../../src/build/modules/live-modules.ts";
import { CONNECTION_OPTIONS } from "../../src/config/validate/connection-schema.ts";
import { decodeAnswer } from "../../src/runtime/live/decode-answer.ts";
import { type Reply, readJson } from "../../src/runtime/live/send.ts";

const reply = (text: string) => ({ body: new TextEncoder().encode(text).buffer }) as unknown as Reply;
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
  ["lists", deep(2_000_000)],
  ["objects", `${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}`],
  ["lists that never end", "[".repeat(5_000_000)],
])("%s within each other are refused before they are parsed", (_, text) => {
  const startedAt = performance.now();
  expect(() => readJson(reply(text))).toThrow("nested");
  expect(performance.now() - startedAt).toBeLessThan(500);
});

it("brackets in a text are none", () => {
  const text = `${"[{".repeat(500)}\\"[${"\\\\"}`;
  const body = JSON.stringify({ content: text, "[[[": deep(300) });
  expect(readJson(reply(body))).toEqual(JSON.parse(body));
});

it("a chat's messages as a JSON text are no deeper", () => {
  const startedAt = performance.now();
  const answer = {
    id: "v",
    prompt_id: "p",
    version_number: 1,
    prompt_type: "chat",
    content: deep(2_000_000),
  };
  expect(() => decodeAnswer(answer)).toThrow("content");
  expect(performance.now() - startedAt).toBeLessThan(500);
});

it("a live prompt reads 1 MB unless the config says otherwise", () => {
  expect(liveMaxBodyBytes(CONNECTION_OPTIONS.maxBodyBytes.default)).toBe(1_048_576);
  expect(liveMaxBodyBytes(5_000_000)).toBe(5_000_000);
  expect(liveMaxBodyBytes(500)).toBe(500);
});
