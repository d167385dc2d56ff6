import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSnapshot, parseSnapshot } from "../../../src/project/snapshot/format.ts";
import {
  listSnapshot,
  loadSnapshot,
  removeSnapshot,
  snapshotFile,
  writeSnapshot,
} from "../../../src/project/snapshot/store.ts";
import type { PromptRef, PromptVersionData } from "../../../src/prompt.ts";
import { snapshotEntry } from "./entry.ts";

function ref(name: string, pin: PromptRef["pin"] = { kind: "label", label: "production" }): PromptRef {
  return { name, pin };
}

const entry = (change: Partial<PromptVersionData> = {}, of: PromptRef = ref("greeting")) =>
  snapshotEntry(of, {
    content: "Hello {{name}}.\r\n\n`${x}`\n",
    declaredVariables: ["name"],
    metadata: { model: "m", nested: { b: [1, null], a: true } },
    ...change,
  });

const folder = () => mkdtemp(join(tmpdir(), "scope-snapshot-"));

describe("a snapshot file", () => {
  it("stores the template as lines, with an integrity that anybody can recompute", () => {
    const text = formatSnapshot(entry());
    const data = JSON.parse(text);
    // Where an editor goes from the types.
    expect(text.split("\n")[1]).toBe('  "content": [');
    expect(data.content).toEqual(["Hello {{name}}.\r", "", "`${x}`", ""]);
    const { integrity, ...rest } = data;
    const canonical = JSON.stringify(rest);
    expect(integrity).toBe(`sha256-${createHash("sha256").update(canonical).digest("base64")}`);
    expect(Object.keys(data)).toEqual(Object.keys(data).toSorted());
    expect(text).not.toMatch(/createdAt|updatedAt/);
  });

  it("keeps the platform's order of metadata keys at every depth, and an old file that sorted them can be read", () => {
    const schema = {
      type: "object",
      properties: { reasoning: { type: "string" }, answer: { type: "string" } },
    };
    const given = entry({ metadata: { output_schema: schema, model: "m" } });
    const text = formatSnapshot(given);
    const order = (metadata: unknown) => JSON.stringify(metadata);
    expect(order(parseSnapshot(text, "f").version.metadata)).toBe(order(given.version.metadata));
    const sorted = entry({
      metadata: {
        model: "m",
        output_schema: {
          properties: { answer: { type: "string" }, reasoning: { type: "string" } },
          type: "object",
        },
      },
    });
    expect(formatSnapshot(sorted)).not.toBe(text);
    expect(parseSnapshot(formatSnapshot(sorted), "f").version.metadata).toEqual(given.version.metadata);
  });

  it("returns exactly what was stored, whatever the text", () => {
    const text = fc.string({ unit: "binary" });
    const content = fc.oneof(text, fc.array(fc.record({ role: text, content: text }), { minLength: 1 }));
    fc.assert(
      fc.property(content, fc.dictionary(text, fc.jsonValue()), text, (body, metadata, name) => {
        const given = entry(
          {
            content: body,
            type: typeof body === "string" ? "text" : "chat",
            metadata: JSON.parse(JSON.stringify(metadata)),
          },
          ref(name),
        );
        expect(parseSnapshot(formatSnapshot(given), "x.json")).toEqual(given);
      }),
    );
  });

  it("keeps a metadata key named __proto__ as data", () => {
    const metadata = JSON.parse('{"__proto__": {"polluted": true}}');
    const back = parseSnapshot(formatSnapshot(entry({ metadata })), "x.json");
    expect(Object.keys(back.version.metadata)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("the snapshot folder", () => {
  it("leaves an equivalent file untouched, and replaces a damaged one", async () => {
    const dir = await folder();
    expect(await writeSnapshot(dir, entry())).toBe(true);
    const file = await snapshotFile(dir, ref("greeting"));
    await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, "utf8"))).replaceAll("\n", "\r\n"));
    await utimes(file, 1, 1);
    expect(await writeSnapshot(dir, entry())).toBe(false);
    expect((await stat(file)).mtimeMs).toBe(1000);
    await writeFile(file, "{");
    expect(await writeSnapshot(dir, entry())).toBe(true);
    expect((await loadSnapshot(dir, ref("greeting")))?.version.versionNumber).toBe(7);
    expect(await readdir(dir)).toEqual(["greeting@production.json"]);
  });

  it("lists our files, reports damaged ones, and skips foreign ones", async () => {
    const dir = await folder();
    await writeSnapshot(dir, entry());
    await writeSnapshot(dir, entry({}, ref("Other", { kind: "label", label: "latest" })));
    await writeFile(join(dir, "bad@latest.json"), "{");
    await writeFile(join(dir, "notes.json"), "{}");
    const listing = await listSnapshot(dir);
    expect(listing.entries.map(({ entry }) => entry.ref.name)).toEqual(["greeting", "Other"]);
    expect(listing.damaged.map(({ file }) => file)).toEqual([join(dir, "bad@latest.json")]);
    expect(await listSnapshot(join(dir, "nowhere"))).toEqual({ entries: [], damaged: [] });
  });

  it("reports what it can't read: a folder instead of a file, and the folder itself", async () => {
    const dir = await folder();
    const file = await snapshotFile(dir, ref("b"));
    await mkdir(file);
    const unreadable = {
      code: "snapshot_unreadable",
      where: { file },
      hint: expect.stringContaining("folder"),
    };
    await expect(loadSnapshot(dir, ref("b"))).rejects.toMatchObject(unreadable);
    expect((await listSnapshot(dir)).damaged).toEqual([{ file, error: expect.objectContaining(unreadable) }]);
    const long = join(dir, "x".repeat(300));
    await expect(listSnapshot(long)).rejects.toMatchObject({
      code: "snapshot_unreadable",
      where: { file: long },
    });
  });

  it("refuses a file that was renamed to another prompt's place", async () => {
    const dir = await folder();
    await writeFile(await snapshotFile(dir, ref("b")), formatSnapshot(entry()));
    await expect(loadSnapshot(dir, ref("b"))).rejects.toMatchObject({ code: "snapshot_damaged" });
  });

  it("removes one entry and no other", async () => {
    const dir = await folder();
    await writeSnapshot(dir, entry());
    await writeSnapshot(dir, entry({}, ref("mail")));
    await removeSnapshot(dir, ref("mail"));
    expect(await readdir(dir)).toEqual(["greeting@production.json"]);
    expect(await loadSnapshot(dir, ref("mail"))).toBeUndefined();
  });
});
