import { expect, it } from "vitest";
import { decodeVersion } from "../../../src/client/api/decode-version.ts";
import { createEntry } from "../../../src/client/cache/version-entry.ts";
import type { PromptRef } from "../../../src/prompt.ts";
import { version } from "../faulty-platform.ts";

const LABEL: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const BY_ID: PromptRef = { name: "greeting", pin: { kind: "version", versionId: "version_1" } };

it.each([LABEL, BY_ID])("an entry has what it was created with", async (ref) => {
  const entry = createEntry(ref, decodeVersion(version(), ref), '"1"', 500, 1000);
  expect(await entry.promise).toBe(entry.version);
  expect(entry).toMatchObject({
    version: { id: "version_1", name: "greeting" },
    etag: '"1"',
    confirmedAtMs: 500,
    ttlMs: 1000,
    nextRefreshMs: 0,
    mustAsk: false,
  });
});
