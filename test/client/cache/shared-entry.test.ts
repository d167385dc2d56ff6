import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { decodeShared, encodeShared } from "../../../src/client/cache/shared-entry.ts";
import { createEntry } from "../../../src/client/cache/version-entry.ts";
import { versionData } from "../../../src/client/prompt-version.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { thrownBy } from "../fake-transport.ts";
import { version } from "../faulty-platform.ts";

const REF: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const NOW = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const stored = (overrides: Record<string, unknown> = {}) =>
  JSON.stringify({ key: "k", confirmedAt: NOW, version: version(), ...overrides });

it("writes its key, the time and the version as the platform sent it", () => {
  const entry = createEntry(REF, decodeVersion(version(), REF), '"1"', 500, 1000);
  expect(JSON.parse(encodeShared("k", entry))).toEqual(JSON.parse(stored()));
});

it("reads what was written, without its ETag", () => {
  const data = decodeVersion(version({ variables: null, metadata: { a: [1] }, tags: ["demo"] }), REF);
  const text = encodeShared("k", createEntry(REF, data, '"1"', 500, 1000));
  vi.setSystemTime(NOW + 300);
  const read = decodeShared(text, "k", REF, 1000);
  expect(versionData(read.version)).toEqual(data);
  expect(read).toMatchObject({ etag: undefined, ttlMs: undefined, confirmedAtMs: 700 });
});

it("an entry from slightly ahead counts as fresh, one from farther ahead is ignored", () => {
  const read = (aheadMs: number) => decodeShared(stored({ confirmedAt: NOW + aheadMs }), "k", REF, 1000);
  expect(read(1).confirmedAtMs).toBe(1000);
  expect(read(60_000).confirmedAtMs).toBe(1000);
  expect(() => read(60_001)).toThrow(new RangeError("an entry has a time ahead of this machine's clock"));
});

it.each<[name: string, stored: unknown, error: Error]>([
  ["a number", 5, new TypeError("an entry is of type number")],
  ["an object", {}, new TypeError("an entry is of type object")],
  ["nested too deep", "[".repeat(201), new RangeError("an entry is nested too deep")],
  ["null", "null", new TypeError("an entry belongs to another key")],
  ["a text", '"k"', new TypeError("an entry belongs to another key")],
  ["for another key", stored({ key: "other" }), new TypeError("an entry belongs to another key")],
  ["without a time", stored({ confirmedAt: undefined }), new TypeError("an entry has no time")],
  ["with a string as the time", stored({ confirmedAt: "5" }), new TypeError("an entry has no time")],
  [
    "without an end time",
    stored().replace(/"confirmedAt":\d+/, '"confirmedAt":-1e999'),
    new TypeError("an entry has no time"),
  ],
])("refuses an entry that is %s", (_, given, error) => {
  const thrown = thrownBy(() => decodeShared(given, "k", REF, 0));
  expect([thrown.name, thrown.message]).toEqual([error.name, error.message]);
});

it("refuses a version of the wrong shape", () => {
  const broken = stored({ version: version({ id: 5 }) });
  expect(thrownBy(() => decodeShared(broken, "k", REF, 0)).code).toBe("response_invalid");
});
