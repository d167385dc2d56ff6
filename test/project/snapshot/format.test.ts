import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { prettyStableJson, stableJson } from "../../../src/files/stable-json.ts";
import { formatSnapshot, parseSnapshot } from "../../../src/project/snapshot/format.ts";
import type { PromptContent, PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { snapshotEntry } from "./entry.ts";

const GREETING: PromptRef = { name: "greeting", pin: { kind: "label", label: "production" } };
const entry = (content: PromptContent, change: Partial<PromptVersionData> = {}) =>
  snapshotEntry(GREETING, { content, declaredVariables: ["name"], metadata: { model: "m" }, ...change });

/** A file of these fields whose integrity is right: written by hand with care. */
function sealed(data: Readonly<Record<string, unknown>>): string {
  const integrity = `sha256-${createHash("sha256").update(stableJson(data)).digest("base64")}`;
  return JSON.stringify({ ...data, integrity });
}

const read = (text: string) => parseSnapshot(text, "x.json");
const { integrity: _, ...TEXT } = JSON.parse(formatSnapshot(entry("Hi"))) as Record<string, unknown>;
const { integrity: __, ...CHAT } = JSON.parse(formatSnapshot(entry([{ role: "user", content: "Hi" }])));

it("names a file that is nested too deep to check", () => {
  const deep = `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  expect(() => read(deep)).toThrow(
    expect.objectContaining({ code: "snapshot_damaged", where: { file: "x.json" } }),
  );
});

describe("a snapshot file with the right integrity", () => {
  it("is refused if a field is missing or has another type, and names the field", () => {
    for (const key of Object.keys(TEXT)) {
      if (key === "formatVersion") continue;
      for (const wrong of [undefined, {}, key === "variables" ? 1 : null]) {
        if (key === "metadata" && wrong !== null && wrong !== undefined) continue;
        expect(() => read(sealed({ ...TEXT, [key]: wrong })), `${key}: ${wrong}`).toThrow(
          expect.objectContaining({
            code: "snapshot_damaged",
            message: `This snapshot file is damaged: "${key}" is missing or has the wrong type.`,
            where: { file: "x.json" },
            hint: "Restore it from version control, or fetch it again with: scope-gen pull",
          }),
        );
      }
    }
  });

  // biome-ignore format: one row a line
  it.each<[string, object, string]>([
    ["an unknown label", { label: "staging" }, "label"],
    ["an unknown status", { status: "gone" }, "status"],
    ["an unknown type", { type: "image" }, "type"],
    ["a number as an ID", { versionId: 1 }, "versionId"],
    ["a string as a version's number", { versionNumber: "3" }, "versionNumber"],
    ["a list of numbers as variables", { variables: ["a", 1] }, "variables"],
    ["a list as metadata", { metadata: [] }, "metadata"],
    ["a string as lines", { content: "Hi" }, "content"],
    ["lines that aren't strings", { content: ["Hi", 1] }, "content"],
    ["lines as messages", { type: "chat" }, "content"],
    ["a string as messages", { type: "chat", content: "Hi" }, "content"],
    ["a message without a role", { type: "chat", content: [{ content: ["Hi"] }] }, "content"],
    ["a message whose content isn't lines", { type: "chat", content: [{ role: "user", content: "Hi" }] }, "content"],
    ["a null message", { type: "chat", content: [null] }, "content"],
  ])("is refused with %s", (_, change, field) => {
    expect(() => read(sealed({ ...TEXT, ...change }))).toThrow(`"${field}" is missing or has the wrong type`);
  });

  it.each(["draft", "published", "archived"] as const)("is read with the status %s", (status) => {
    expect(read(sealed({ ...TEXT, status })).version.status).toBe(status);
  });

  it("is read without a list of variables, with a chat, and with each pin", () => {
    expect(read(sealed({ ...TEXT, variables: null })).version.declaredVariables).toBeNull();
    expect(read(sealed(CHAT)).version.content).toEqual([{ role: "user", content: "Hi" }]);
    expect(read(sealed({ ...TEXT, label: "latest" }))).toMatchObject({
      ref: { name: "greeting", pin: { kind: "label", label: "latest" } },
      version: { isProduction: false },
    });
    expect(read(sealed({ ...TEXT, label: undefined, version: "version_9" })).ref.pin).toEqual({
      kind: "version",
      versionId: "version_9",
      versionNumber: 7,
    });
  });

  it("is refused by this version if a newer one wrote it, whatever else it contains", () => {
    expect(() => read('{"formatVersion": 2, "name": "a"}')).toThrow(
      expect.objectContaining({
        code: "snapshot_format_newer",
        message: "This snapshot file has format 2; this version reads 1.",
        hint: "Update unplugin-scope to the version that wrote it.",
      }),
    );
  });
});

it("a file that doesn't match its integrity names the prompt if possible", () => {
  const error = (text: string) => {
    try {
      return read(text);
    } catch (error) {
      return error;
    }
  };
  expect(error('{"formatVersion": 1, "name": "a"}')).toMatchObject({
    code: "snapshot_integrity",
    where: { file: "x.json", prompt: "a" },
    hint: expect.stringContaining("scope-gen pull"),
  });
  expect(error('{"formatVersion": 1, "name": 1}')).toMatchObject({ where: { file: "x.json" } });
});

// biome-ignore format: one row a line
it.each([
  ...["<<<<<<< HEAD", "{\n=======\n", "}\n>>>>>>> main"].map((text) => [text, "it contains the marks of a merge conflict"]),
  ...["{ a<<<<<<<", "<<<<<<", "{\n  =======\n"].map((text) => [text, "This snapshot file is damaged: it isn't JSON."]),
  ...["null", "1", '"a"', "[]"].map((text) => [text, "This snapshot file is damaged: it isn't a JSON object."]),
])("%j is refused: %s", (text = "", message = "") => {
  expect(() => read(text)).toThrow(message);
});

describe("JSON in a fixed order", () => {
  it("has sorted keys at every depth, and omits undefined", () => {
    const value = { b: [{ d: 1, c: undefined, a: null }, [], {}], a: "x", Z: true };
    expect(stableJson(value)).toBe('{"Z":true,"a":"x","b":[{"a":null,"d":1},[],{}]}');
    expect(prettyStableJson(value)).toBe(
      JSON.stringify({ Z: true, a: "x", b: [{ a: null, d: 1 }, [], {}] }, null, 2),
    );
  });
});
