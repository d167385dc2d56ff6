import { describe, expect, it } from "vitest";
import { compile } from "./prompts.ts";

type Sample = readonly [what: string, text: string];

const SAMPLES: { readonly found: readonly Sample[]; readonly not: readonly Sample[] } = {
  found: [
    ["a zero-width space", "Be\u200b kind."],
    ["a soft hyphen", "Be friend\u00adly."],
    ["a byte order mark", "\ufeffBe kind."],
    ["a bidirectional override", "Be \u202edniks\u202c."],
    ["bidirectional isolates", "Be \u2066kind\u2069."],
    ["a joiner between letters", "Be ki\u200dnd."],
    ["a non-joiner between letters", "Be ki\u200cnd."],
    ["tag characters", "Be kind.\u{e0049}\u{e0067}\u{e006e}"],
    [
      "tag characters behind a flag",
      "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}\u{e0049}\u{e0067}",
    ],
    ["bytes as variation selectors", "😀\ufe0f\ufe01\u{e0148}\u{e0155}"],
    ["a variation selector after a letter", "Be kind\ufe0f."],
    ["a right-to-left mark in English", "Be kind\u200f."],
    ["a control character", "Be \u001b[1mkind."],
    ["one that a value follows", "\u200b{{name}}"],
  ],
  not: [
    ["plain text with every white space", "a\tb\r\nc\u00a0d\u2003e\u2028f\u2029g\u0085h\fi\vj"],
    ["emoji made of several", "👩🏽‍💻 👨‍👩‍👧 🏳️‍🌈 ❤️‍🔥 🧑🏿‍🤝‍🧑🏻 🐻‍❄️"],
    ["emoji with variants", "✔️ ☀︎ 1️⃣ ™️ ➡️ ‼️ ↔️"],
    ["flags", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 🇩🇪"],
    ["Persian", "می\u200cخواهم کتاب\u200cها"],
    ["Hindi and Sinhala", "क\u094d\u200dष क\u094d\u200cष ශ\u0dca\u200dරී"],
    ["marks of direction in Hebrew", "C++\u200e שלום 1\u200f"],
    ["a variant of a Chinese character", "葛\u{e0100}"],
    ["Mongolian", "ᠮᠣᠩᠭᠣᠯ\u180b"],
  ],
};

describe("an invisible character", () => {
  const found = (text: string) =>
    compile(text).diagnostics.filter(({ code }) => code === "prompt-invisible-character");

  it.each(SAMPLES.found)("is found: %s", (_, text) => {
    expect(found(text)).toHaveLength(1);
  });

  it.each(SAMPLES.not)("has a reason: %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it("is named by its code, once for each text", () => {
    const [{ message = "", where } = {}] = found("Be\u200b kind\u200b, \u00ad.");
    expect(message).toBe(
      "The text has 3 invisible characters: U+200B (2 times) and U+00AD.".replace(" and ", ", "),
    );
    expect(where).toMatchObject({ line: 1, column: 3 });
  });
});
