import fc from "fast-check";
import textWidth from "fast-string-width";
import { expect, it } from "vitest";
import { createColors, textTable as table, verbatim, wrapText } from "../../../src/commands/cli/terminal.ts";

const { green, red, yellow } = createColors(true);
const textTable = (...args: Parameters<typeof table>) => verbatim(table(...args));

it("columns are aligned by display width: colours count nothing, CJK twice, above U+20000 too", () => {
  const rows = [
    [red("名前"), "x"],
    ["𠮷野", "x"],
    ["é", "y\nz"],
  ];
  expect(textTable(["a", "b"], rows)).toBe("a     b\n\x1b[31m名前\x1b[39m  x\n𠮷野  x\né     y z\n");
});

it("a table that is too wide breaks its widest cells at spaces", () => {
  const rows = "welcome,one two three four five;b,six".split(";").map((row) => row.split(","));
  const expected = "name     what\nwelcome  one two three\n         four five\nb        six\n";
  expect(textTable(["name", "what"], rows, 24)).toBe(expected);
});

it("words that don't fit are broken, but never coloured ones", () => {
  const name = "a-very-long-prompt-name-of-sixty-two-characters-and-it-has-no-gap";
  const rows = [[name, "version_01HZZZZZZZZZZZZZZZZZZZZZZZ", green("changed"), "src/some/where.ts:12"]];
  const lines = textTable(["prompt", "pin", "change", "used in"], rows, 80).trimEnd().split("\n");
  expect(Math.max(...lines.map((line) => textWidth(line)))).toBeLessThanOrEqual(80);
  const column = (start: number, end?: number) =>
    lines
      .slice(1)
      .map((line) => line.slice(start, end).trim())
      .join("");
  const pin = (lines[0] ?? "").indexOf("pin");
  expect(column(0, pin)).toBe(name);
  expect(lines[1]).toContain("\x1b[32mchanged\x1b[39m");
  const wide = textTable(["名前"], [["名前".repeat(20)]], 21)
    .trimEnd()
    .split("\n");
  expect(wide.map((line) => textWidth(line))).toEqual([4, 20, 20, 20, 20]);
  expect(wide.slice(1).join("")).toBe("名前".repeat(20));
});

it("a long name and a long value share the width, whichever has spaces", () => {
  const name = "顧客対応の挨拶文とお詫びの定型文に関する長い名前の雛形";
  const spaced = `system: "${"You are helpful. ".repeat(5)}" → "You are very helpful."`;
  const unspaced = `model: "${"gpt-4o-mini-".repeat(6)}" → "gpt-5"`;
  for (const what of [spaced, unspaced]) {
    for (const pin of ["production", "version_01HZZZZZZZZZZZZZZZZZZZZZZZ"]) {
      const head = ["prompt", "pin", "version", "change", "what changed"];
      const row = [name, pin, "1 → 2", yellow("values"), what];
      const lines = textTable(head, [row], 80).trimEnd().split("\n");
      expect(Math.max(...lines.map((line) => textWidth(line)))).toBeLessThanOrEqual(80);
      const start = (title: string) => (lines[0] ?? "").indexOf(title);
      const widths = [start("pin"), start("version") - start("pin"), 80 - start("what changed")];
      for (const [at, text] of [name, pin, what].entries())
        expect(widths[at], lines.join("\n")).toBeGreaterThanOrEqual(Math.min(textWidth(text), 18));
    }
  }
});

it("a name that fits stays whole next to a long text, which gets its fair share", () => {
  const name = "support/triage-for-the-night-shift";
  const lines = textTable(["prompt", "what changed"], [[name, "one two three ".repeat(9)]], 60).split("\n");
  expect(lines[1]).toMatch(new RegExp(`^${name}  one two three one`));
});

const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 12 }).map((list) => list.join(" "));

it("a table fits whenever its words do, and loses none", () => {
  const rows = fc.array(fc.tuple(words, words, words), { maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 33, max: 90 }), (cells, width) => {
      const table = textTable(["one", "two", "three"], cells, width);
      // Three words of nine letters and two gaps are 31.
      for (const line of table.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(width);
      const sorted = (text: string) => (text.match(/\S+/g) ?? []).sort();
      expect(sorted(table)).toEqual(sorted(`one two three ${cells.flat().join(" ")}`));
    }),
  );
});

it("wrapped text keeps its words, its indent and its two spaces", () => {
  expect(wrapText("  some_code  a message that is long", 24)).toBe("  some_code  a message\n  that is long");
  expect(wrapText("warning  a message that is long", 20, { hanging: true })).toBe(
    "warning  a message\n  that is long",
  );
  expect(wrapText("a /very/long/path/that/stays/whole b", 10)).toBe("a\n/very/long/path/that/stays/whole\nb");
  expect(wrapText("left alone", undefined)).toBe("left alone");
});

it("never breaks a line before the program of a command, so that it can be copied", () => {
  const text = "To read the changes: npx scope-gen diff. To take them: npx scope-gen pull";
  const wrapped = "To read the changes: npx scope-gen diff. To take them:\nnpx scope-gen pull";
  expect(wrapText(text, 60)).toBe(wrapped);
});
