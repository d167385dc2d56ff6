import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refFileBase, refOfFileBase, safeName } from "../../src/files/safe-name.ts";
import type { Pin, PromptRef, PromptVersionData } from "../../src/prompt.ts";
import { formatSnapshot, parseSnapshot, type SnapshotEntry } from "../../src/snapshot/format.ts";
import { snapshotPlaces } from "../../src/snapshot/places.ts";
import {
  listSnapshot,
  loadSnapshot,
  removeSnapshot,
  snapshotFile,
  writeSnapshot,
} from "../../src/snapshot/store.ts";

function ref(name: string, pin: PromptRef["pin"] = { kind: "label", label: "production" }): PromptRef {
  return { name, pin };
}

function entry(change: Partial<PromptVersionData> = {}, of: PromptRef = ref("greeting")): SnapshotEntry {
  return {
    ref: of,
    environment: "production",
    version: {
      id: "version_1",
      promptId: "prompt_1",
      versionNumber: 3,
      type: "text",
      status: "published",
      isProduction: of.pin.kind === "label" && of.pin.label === "production",
      content: "Hello {{name}}.\r\n\n`${x}`\n",
      declaredVariables: ["name"],
      metadata: { model: "m", nested: { b: [1, null], a: true } },
      createdAt: "",
      updatedAt: "",
      ...change,
    },
  };
}

const folder = () => mkdtemp(join(tmpdir(), "scope-snapshot-"));

describe("safeName", () => {
  it.each([
    ["greeting-template", "greeting-template"],
    ["Greeting", "~47reeting"],
    ["support/triage", "support~2Ftriage"],
    ["a b%c", "a~20b~25c"],
    ["é", "~C3~A9"],
    [".hidden", "~2Ehidden"],
    ["con", "~63on"],
    ["lpt1.x", "~6Cpt1.x"],
    ["console", "console"],
    ["a@b", "a~40b"],
    ["~41", "~7E41"],
  ])("%s becomes %s", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  it("cuts what is over 120 bytes to 100 and adds the name's digest", () => {
    const name = "x".repeat(121);
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
    expect(safeName(name)).toBe(`${"x".repeat(100)}~${digest}`);
    expect(safeName("x".repeat(120))).toBe("x".repeat(120));
  });

  // Found from outside: the second name was given the first one's file, and one of them was the wrong prompt.
  it("gives a name that looks like another's cut and digest a file of its own", () => {
    let long = "";
    let digest = "";
    for (let i = 0; !/^[0-2][0-9]/.test(digest) || long === ""; i++) {
      long = "x".repeat(121) + i;
      digest = createHash("sha256").update(long).digest("hex").slice(0, 16);
    }
    const posing =
      "x".repeat(100) + String.fromCharCode(Number.parseInt(digest.slice(0, 2), 16)) + digest.slice(2);
    expect(safeName(long)).toBe(`${"x".repeat(100)}~${digest}`);
    expect(safeName(posing)).not.toBe(safeName(long));
    expect(safeName(posing)).toMatch(/^x{100}~[0-9a-f]{16}$/);
  });

  it("tells a version ID that is a label's name from the label", () => {
    for (const name of ["production", "latest"] as const) {
      const labelled = refFileBase(ref("g", { kind: "label", label: name }));
      const pinned = refFileBase(ref("g", { kind: "version", versionId: name }));
      expect(labelled).toBe(`g@${name}`);
      expect(pinned).not.toBe(labelled);
    }
  });

  it("gives two names two files, also where the file system folds case", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        if (a === b) return;
        expect(safeName(a).toLowerCase()).not.toBe(safeName(b).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  it("is read back, but for what was cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
        fc.oneof(
          fc.constantFrom<Pin>({ kind: "label", label: "production" }, { kind: "label", label: "latest" }),
          fc
            .oneof(fc.string({ minLength: 1 }), fc.constantFrom("production", "latest", "con"))
            .map((versionId): Pin => ({ kind: "version", versionId })),
        ),
        (name, pin) => {
          // Three characters for each byte at most, of 120.
          fc.pre(Buffer.byteLength(name) <= 40);
          expect(refOfFileBase(refFileBase(ref(name, pin)))).toEqual(ref(name, pin));
        },
      ),
      { numRuns: 2000 },
    );
    for (const other of [
      refFileBase(ref("x".repeat(121))),
      "Greeting@production",
      "greeting",
      "a@b@c",
      "a~@production",
      "a~ff@production",
      "a~FF@production",
    ])
      expect(refOfFileBase(other), other).toBeUndefined();
  });

  it("tells label and version pins apart", () => {
    expect(refFileBase(ref("g", { kind: "version", versionId: "version_01AB" }))).toBe("g@version_01~41~42");
  });
});

describe("a snapshot file", () => {
  it("holds the template as lines and an integrity anybody can recompute", () => {
    const text = formatSnapshot(entry());
    const data = JSON.parse(text);
    expect(text.split("\n")[snapshotPlaces(entry(), []).content]).toContain('"content"');
    expect(data.content).toEqual(["Hello {{name}}.\r", "", "`${x}`", ""]);
    const { integrity, ...rest } = data;
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([k, v]) => [k, sorted(v)]),
            )
          : value;
    const canonical = JSON.stringify(sorted(rest));
    expect(integrity).toBe(`sha256-${createHash("sha256").update(canonical).digest("base64")}`);
    expect(Object.keys(data)).toEqual(Object.keys(data).toSorted());
    expect(text).not.toMatch(/createdAt|updatedAt/);
  });

  it("gives back exactly what went in, whatever the text", () => {
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

  it.each([
    ["no JSON", "{", "snapshot_damaged", "not JSON"],
    ["a merge conflict", "<<<<<<< HEAD\n{}\n=======\n", "snapshot_damaged", "merge conflict"],
    ["a list", "[]", "snapshot_damaged", "not a JSON object"],
    ["a newer format", '{"formatVersion": 2}', "snapshot_format_newer", "format 2"],
    ["an edit by hand", formatSnapshot(entry()).replace("Hello", "Hi"), "snapshot_integrity", "edited"],
    ["no integrity", '{"formatVersion": 1}', "snapshot_integrity", "edited"],
  ])("is refused with %s", (_, text, code, words) => {
    expect(() => parseSnapshot(text, "a/x.json")).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(words),
        where: expect.objectContaining({ file: "a/x.json" }),
        hint: expect.any(String),
      }),
    );
  });
});

describe("the snapshot folder", () => {
  it("leaves a file that means the same untouched, and replaces a damaged one", async () => {
    const dir = await folder();
    expect(await writeSnapshot(dir, entry())).toBe(true);
    const file = snapshotFile(dir, ref("greeting"));
    await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, "utf8"))).replaceAll("\n", "\r\n"));
    await utimes(file, 1, 1);
    expect(await writeSnapshot(dir, entry())).toBe(false);
    expect((await stat(file)).mtimeMs).toBe(1000);
    await writeFile(file, "{");
    expect(await writeSnapshot(dir, entry())).toBe(true);
    expect((await loadSnapshot(dir, ref("greeting")))?.version.versionNumber).toBe(3);
    expect(await readdir(dir)).toEqual(["greeting@production.json"]);
  });

  it("lists what is ours, tells what is damaged, and passes over foreign files", async () => {
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

  it("names what cannot be read: a folder in the place of a file, and the folder itself", async () => {
    const dir = await folder();
    const file = snapshotFile(dir, ref("b"));
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
    await writeFile(snapshotFile(dir, ref("b")), formatSnapshot(entry()));
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
