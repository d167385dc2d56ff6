import { describe, expect, it } from "vitest";
import { indentedPartials } from "../../../src/compiler/1-parse/indented-partials.ts";
import type { MustacheNode } from "../../../src/compiler/1-parse/mustache-nodes.ts";
import type { PromptSource } from "../../../src/compiler/prompt-source.ts";
import { promptSource } from "../prompts.ts";

const at = { index: 0, length: 1 };
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => promptSource("", { name })) as [
  PromptSource,
  PromptSource,
  PromptSource,
  PromptSource,
];
/** A tag of a partial; without `text` it is not alone on its line. */
const partial = (source: PromptSource, text?: string, isNested = false): MustacheNode => ({
  kind: "partial",
  source,
  indentation: text === undefined ? undefined : { text, isNested },
  ...at,
});
const section = (...nodes: MustacheNode[]): MustacheNode => ({
  kind: "section",
  path: ["x"],
  isInverted: false,
  nodes,
  ...at,
});

describe("an indented partial", () => {
  const indented = (nodes: readonly MustacheNode[], ...partials: [PromptSource, MustacheNode[]][]) =>
    [...indentedPartials([nodes], new Map(partials))].map(({ ref }) => ref.name);

  it("is one whose tag has white space before it, in a section too", () => {
    expect(indented([partial(a, "  "), partial(b, ""), partial(c), section(partial(d, "\t"))])).toEqual([
      "a",
      "d",
    ]);
  });

  it("is one alone on a line of an indented one, and not one of another", () => {
    const inside: MustacheNode[] = [section(partial(b, "", true)), partial(c, "", false), partial(d)];
    expect(indented([partial(a, "  ")], [a, inside])).toEqual(["a", "b"]);
    expect(indented([partial(a, "")], [a, inside])).toEqual([]);
    expect(indented([partial(a, "", true)], [a, inside])).toEqual([]);
  });

  it("is found inside of a partial, and where its text is not known", () => {
    expect(indented([], [a, [partial(b, " ")]])).toEqual(["b"]);
    expect(indented([partial(a, " "), partial(a, " ")])).toEqual(["a"]);
  });
});
