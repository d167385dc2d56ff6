import { expect, it } from "vitest";
import { wordDiff } from "../../src/inspector/word-diff.ts";
import type { ComparedPrompt } from "../../src/project/versions/compare-prompts.ts";

it("shows of a long value in metadata the lines around each change, and a short one in whole", () => {
  const version = (model: string, last: string) => ({
    metadata: {
      model,
      schema: { properties: Array.from({ length: 30 }, (_, i) => (i < 29 ? `p${i}` : last)) },
    },
  });
  const diff = { from: version("m-1", "old"), to: version("m-2", "new"), changes: [] };
  const { metadata } = wordDiff(diff as unknown as ComparedPrompt, "scope");
  expect(metadata).toEqual([
    {
      title: "model",
      pieces: [
        { kind: "gone", text: '"m-1"' },
        { kind: "new", text: '"m-2"' },
      ],
    },
    {
      title: "schema",
      pieces: [
        { kind: "same", text: '… 29 lines\n    "p27",\n    "p28",\n    "' },
        { kind: "gone", text: "old" },
        { kind: "new", text: "new" },
        { kind: "same", text: '"\n  ]\n}' },
      ],
    },
  ]);
});
