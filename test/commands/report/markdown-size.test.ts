import { expect, it } from "vitest";
import { checkMarkdown } from "../../../src/commands/report/markdown.ts";
import { withoutCommands } from "../../../src/errors/printable.ts";
import type { CheckedPrompt, CheckReport } from "../../../src/project/reports/report.ts";

/** What GitHub takes as one comment. */
const MAX_LENGTH = 65_536;

function prompt(name: string, calls: number, text: string): CheckedPrompt {
  const version = (versionNumber: number, content: string) => {
    return { id: content, versionNumber, content, metadata: {} };
  };
  const prompt: Partial<Record<keyof CheckedPrompt, unknown>> = {
    ref: { name, pin: { kind: "label", label: "production" } },
    grade: "breaking",
    isBroken: true,
    from: version(1, `old ${text}`),
    to: version(2, `new ${text}`),
    changes: [],
    notes: [],
    unseen: [],
    specifiers: [],
    requests: [],
    calls: Array.from({ length: calls }, (_, index) => ({
      file: `/app/src/${name}.ts`,
      line: index + 1,
      column: 7,
      message: `Property 'ä' is missing in type '{ name: string; }' (${index}).`,
    })),
  };
  return prompt as unknown as CheckedPrompt;
}

function markdown(prompts: readonly CheckedPrompt[]): string {
  const report = { status: "breaking", platform: "compared", types: "current", prompts };
  return checkMarkdown(report as CheckReport, {
    cwd: "/app",
    repository: { root: "/app", filesUrl: undefined },
  });
}

// biome-ignore format: one row a line
it.each<[string, readonly CheckedPrompt[], string]>([
  ["calls of one prompt", [prompt("a", 2000, "x")], "more places: `scope-gen check` has them."],
  ["calls of many prompts", Array.from({ length: 100 }, (_, index) => prompt(`p${index}`, 20, "x")), "more places: `scope-gen check` has them."],
  ["prompts", Array.from({ length: 3000 }, (_, index) => prompt(`prompt-名前-${index}`, 0, "x")), "more prompts: `scope-gen check` has them."],
  ["texts", [prompt("a", 1, "long ä ".repeat(20_000))], "more text: `scope-gen diff` has them."],
])(
  "a comment holds as many %s as there is room for, and says how many more there are",
  (_, prompts, more) => {
    const text = markdown(prompts);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_LENGTH);
    expect(text).toContain(more);
  },
);

it("has a row for each of 100 prompts with long texts, and as many texts as fit", () => {
  const long = (index: number) =>
    `${"You are a helpful assistant. ".repeat(index === 0 ? 3000 : 60)}\n`.repeat(2);
  const prompts = Array.from({ length: 100 }, (_, index) => prompt(`prompt-${index}`, 1, long(index)));
  const text = markdown(prompts);
  expect(text.length).toBeLessThan(MAX_LENGTH);
  for (const { ref } of prompts) expect(text).toContain(`| \`${ref.name}\` |`);
  expect(text.match(/^- `src/gm)).toHaveLength(100);
  const texts = text.match(/<details>/g)?.length ?? 0;
  // The first is too long for the comment, and keeps no other out.
  expect(texts).toBeGreaterThan(5);
  expect(text).toContain(`… and ${100 - texts} more texts`);
});

it("counts what is left out", () => {
  const text = markdown([prompt("a", 700, "x"), prompt("b", 3, "x")]);
  const shown = text.match(/^- `src\/a\.ts:/gm)?.length ?? 0;
  expect(shown).toBeGreaterThan(100);
  expect(text).toContain(`… and ${700 - shown + 3} more places: \`scope-gen check\` has them.`);
  expect(text).toContain("`a`, 700 places:");
  expect(text).not.toContain("`b`, 3 places");
  const small = markdown([prompt("a", 2, "x"), prompt("b", 3, "x")]);
  expect(small).not.toContain("more");
  expect(small).toContain("`b`, 3 places:");
});

it("handles texts and names with very many backticks", () => {
  const ticks = "` ".repeat(200_000);
  const changed = prompt("one", 0, `${ticks}\n\`\`\`\`\``);
  expect(markdown([{ ...changed, ref: { ...changed.ref, name: ticks } }]).length).toBeLessThan(MAX_LENGTH);
});

it("keeps room for the calls, whatever a name, a message or a text contains", () => {
  const long = "k".repeat(59_000);
  const control = "\u001b".repeat(30_000);
  const one = prompt("one", 2, control);
  const [first] = one.calls;
  if (first === undefined) throw new Error("No call.");
  const changed = {
    ...one,
    ref: { ...one.ref, name: control },
    changes: [{ kind: "metadata-dropped", breaks: true, message: `metadata "${long}" is gone` }],
    calls: [{ ...first, message: `Property '${long}' does not exist.` }, ...one.calls],
  } as CheckedPrompt;
  const text = markdown([changed, prompt("two", 1, "::\n##[".repeat(20_000))]);
  expect(Buffer.byteLength(withoutCommands(text))).toBeLessThan(MAX_LENGTH);
  expect(text).toContain("| too long: `scope-gen check` shows it | `production` |");
  expect(text.match(/^- `src\/one\.ts:/gm)).toHaveLength(3);
  expect(text).toContain("- `src/two.ts:1:7`");
});
