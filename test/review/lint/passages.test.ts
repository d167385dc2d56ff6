import fc from "fast-check";
import { expect, it } from "vitest";
import { findPassages } from "../../../src/review/lint/passages.ts";
import { words } from "./lint.ts";

const find = (texts: readonly string[], minWords = 3) =>
  findPassages(
    texts.map((text, at) => ({ owner: `${at}`, text })),
    minWords,
  ).map(({ places }) =>
    places.map(({ text, index, length }) => `${text}: ${texts[text]?.slice(index, index + length)}`),
  );

it("are as long as the texts agree, and reported once each", () => {
  expect(find(["x a b c d y", "z a b c d e", "a b c"])).toEqual([
    ["0: a b c", "1: a b c", "2: a b c"],
    // Of this one more than half is the one before.
  ]);
  expect(find(["x a b c d e f g y", "a b c d e f g", "c d e"])).toEqual([
    ["0: c d e", "1: c d e", "2: c d e"],
    ["0: a b c d e f g", "1: a b c d e f g"],
  ]);
});

it("are several if texts share several", () => {
  expect(find(["a b c 1 d e f", "d e f 2 a b c"])).toEqual([
    ["0: a b c", "1: a b c"],
    ["0: d e f", "1: d e f"],
  ]);
});

it("are empty if a text only repeats itself", () => {
  expect(find(["a b c a b c a b c"])).toEqual([]);
  expect(find(["a b c a b c", "a b c"])).toEqual([["0: a b c", "1: a b c"]]);
});

const wordsOf = (text: string) => text.match(/\S+/g) ?? [];
const runsOf = (text: string) =>
  wordsOf(text).flatMap((_, at, all) => (at + 3 > all.length ? [] : [all.slice(at, at + 3).join(" ")]));

it("are the same in each place, and always found if there is one", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 25 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      const found = findPassages(
        texts.map((one, at) => ({ owner: `${at}`, text: one })),
        3,
      );
      for (const { places, words: count } of found) {
        const same = new Set(
          places.map((place) => texts[place.text]?.slice(place.index, place.index + place.length)),
        );
        expect(same.size).toBe(1);
        expect(wordsOf([...same][0] as string).length).toBe(count);
        expect(new Set(places.map((place) => place.text)).size).toBe(places.length);
        expect(places.length).toBeGreaterThan(1);
        expect(count).toBeGreaterThanOrEqual(3);
      }
      const shared = texts.filter((one, at) =>
        texts.some((other, of) => of !== at && runsOf(one).some((run) => runsOf(other).includes(run))),
      );
      expect(found.length > 0).toBe(shared.length > 0);
    }),
  );
});

it("in a thousand prompts with a common beginning are found in seconds", () => {
  const texts = Array.from({ length: 1000 }, (_, at) => ({
    owner: `${at}`,
    // Of other lengths, so that every beginning is another passage.
    text: `${words(100 + (at % 300))} ${words(600, `own${at}`)}`,
  }));
  // Other programs don't count. Comparing each with each would take many minutes.
  const before = process.cpuUsage();
  expect(findPassages(texts, 41)[0]?.places.length).toBe(1000);
  expect(process.cpuUsage(before).user).toBeLessThan(40_000_000);
}, 180_000);
