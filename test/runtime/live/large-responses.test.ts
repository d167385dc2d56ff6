// An answer holds up the server that renders for as long as it is read: neither its size nor its depth may take seconds.
import { expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { readJson } from "../../../src/client/api/read-body.ts";
import { CONNECTION_OPTIONS } from "../../../src/client/connection/connection.ts";
import { PlatformResponse } from "../../../src/client/http/send.ts";
import { liveMaxBodyBytes } from "../../../src/run/modules/write-module.ts";

const read = (text: string) => {
  const raw = { status: 200, header: () => undefined, body: new TextEncoder().encode(text) };
  return readJson(new PlatformResponse(raw, "request", []), "https://platform.test");
};
const ref = { name: "greeting", pin: { kind: "label", label: "production" } } as const;
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
  ["lists", deep(2_000_000)],
  ["objects", `${'{"a":'.repeat(1_000_000)}1${"}".repeat(1_000_000)}`],
  ["unclosed lists", "[".repeat(5_000_000)],
])("nested %s are refused before they're parsed", (_, text) => {
  const startedAt = performance.now();
  expect(() => read(text)).toThrow("nested");
  expect(performance.now() - startedAt).toBeLessThan(500);
});

it("brackets in a text don't count", () => {
  const text = `${"[{".repeat(500)}\\"[${"\\\\"}`;
  const body = JSON.stringify({ content: text, "[[[": deep(300) });
  expect(read(body)).toEqual(JSON.parse(body));
});

it("a chat's messages in a JSON text aren't nested deeper", () => {
  const startedAt = performance.now();
  const answer = {
    id: "v",
    prompt_id: "p",
    version_number: 1,
    prompt_type: "chat",
    status: "published",
    content: deep(2_000_000),
  };
  expect(() => decodeVersion(answer, ref)).toThrow("content");
  expect(performance.now() - startedAt).toBeLessThan(500);
});

it("a live prompt reads 1 MB unless the config says otherwise", () => {
  expect(liveMaxBodyBytes(CONNECTION_OPTIONS.maxBodyBytes.default)).toBe(1_048_576);
  expect(liveMaxBodyBytes(5_000_000)).toBe(5_000_000);
  expect(liveMaxBodyBytes(500)).toBe(500);
});
