import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refFileBase, refOfFileBase, safeName } from "../../src/files/safe-name.ts";
import type { Pin, PromptRef } from "../../src/prompt.ts";

function ref(name: string, pin: PromptRef["pin"] = { kind: "label", label: "production" }): PromptRef {
  return { name, pin };
}

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
    ["com9", "~63om9"],
    ["nul.txt", "~6Eul.txt"],
    ["xcon", "xcon"],
    ["com10", "com10"],
    ["aux-", "aux-"],
    ["-", "-"],
    ["a.b_c-9", "a.b_c-9"],
    ["", ""],
    ["\u0001", "~01"],
  ])("%s becomes %s", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  it("cuts a name over 120 bytes to 100 and adds its digest", () => {
    const name = "x".repeat(121);
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
    expect(safeName(name)).toBe(`${"x".repeat(100)}~${digest}`);
    expect(safeName("x".repeat(120))).toBe("x".repeat(120));
  });

  // Found from outside: the second name was given the first one's file, and one of them was the wrong prompt.
  it("gives its own file to a name that looks like another one's cut and digest", () => {
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

  it("distinguishes a version ID that is a label's name from the label", () => {
    for (const name of ["production", "latest"] as const) {
      const labelled = refFileBase(ref("g", { kind: "label", label: name }));
      const pinned = refFileBase(ref("g", { kind: "version", versionId: name }));
      expect(labelled).toBe(`g@${name}`);
      expect(pinned).not.toBe(labelled);
    }
  });

  it("gives two names two files, also if the file system ignores case", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        if (a === b) return;
        expect(safeName(a).toLowerCase()).not.toBe(safeName(b).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  it("can be read back, except for what was cut", () => {
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
});
