import { expect, it } from "vitest";
import type { PromptDiff } from "../../src/commands/compare/diff-prompts.ts";
import { differenceOf } from "../../src/inspector/views/difference.ts";

/** Words that differ in every place, which take the comparison longest. */
const words = (seed: number) => Array.from({ length: 20_000 }, (_, i) => (i * seed) % 9973).join(" ");

it("takes no second for each of a prompt's samples", () => {
  const [from, to] = [{ output: words(7) }, { output: words(11) }];
  const samples = Array.from({ length: 60 }, (_, i) => ({ sample: `sample-${i}`, from, to }));
  const diff = { changes: [], samples } as unknown as PromptDiff;
  const { samples: shown } = differenceOf(diff, "scope");
  expect(shown.length).toBe(60);
  expect(shown[59]?.texts[0]?.pieces.map(({ kind }) => kind)).toEqual(["gone", "new"]);
}, 15_000);
