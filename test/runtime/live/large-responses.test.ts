// An answer holds up the server that renders for as long as it is read: neither its size nor its depth may take seconds.
import { expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { CONNECTION_OPTIONS } from "../../../src/client/connection/connection.ts";
import { liveMaxBodyBytes } from "../../../src/run/modules/write-module.ts";

const ref = { name: "greeting", pin: { kind: "label", label: "production" } } as const;
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

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
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

it("a live prompt reads 1 MB unless the config says otherwise", () => {
  expect(liveMaxBodyBytes(CONNECTION_OPTIONS.maxBodyBytes.default)).toBe(1_048_576);
  expect(liveMaxBodyBytes(5_000_000)).toBe(5_000_000);
  expect(liveMaxBodyBytes(500)).toBe(500);
});
