import MarkdownIt from "markdown-it";
import { expect, it } from "vitest";
import { checkMarkdown } from "../../src/cli/check/check-markdown.ts";
import { findRepository } from "../../src/cli/check/repository.ts";
import type { CheckedPrompt, Verdict } from "../../src/commands/check/verdict.ts";

const SCHEMA = {
  type: "object",
  properties: { reason: { type: "string", maxLength: 200 }, ok: { type: "boolean" } },
};

/** One prompt whose text and metadata differ, and a call that breaks. */
function verdict(): Verdict {
  const ref = { name: "greeting", pin: { kind: "label", label: "production" } } as const;
  const file = "/repo/app/scope/greeting@production.json";
  const prompt = {
    ref,
    file,
    change: "breaking",
    from: 1,
    to: 2,
    changes: [{ kind: "variable-added", breaks: true, message: 'new variable "plan"' }],
    calls: [
      { file: "/repo/app/src/(mail)/a b.ts", line: 3, column: 7, message: "Property 'plan' is missing." },
    ],
    unseen: [],
    overBudget: [{ limit: "tokens", severity: "error", message: "has 4,312 tokens; its budget is 4,000" }],
    compared: {
      ref,
      file,
      specifiers: [],
      requests: [],
      uses: [],
      committed: {
        id: "a",
        content: "You are a polite assistant.\n</pre><b>@all</b> {{name}}\n",
        metadata: { model: "gpt-4o-mini", output_schema: SCHEMA },
      },
      current: {
        id: "b",
        versionNumber: 2,
        content: "You are a friendly assistant.\n</pre><b>@all</b> {{name}} {{plan}}\n",
        metadata: { model: "gpt-5", seed: 1, output_schema: { ...SCHEMA, required: ["ok"] } },
        promotedAt: "2026-01-20T15:00:00Z",
        promotedBy: "usr_01",
      },
      grade: "breaking",
      changes: [],
      notes: [],
    },
  } as unknown as CheckedPrompt;
  const shared = {
    howToAsk: undefined,
    label: undefined,
    types: "current",
    typesFile: "/repo/app/src/types",
  };
  return { ...shared, status: "breaking", platform: "compared", prompts: [prompt] } as Verdict;
}

function comment(env: Readonly<Record<string, string>>): string {
  const repository = findRepository({ GITHUB_WORKSPACE: "/repo", ...env }, "/repo/app");
  return checkMarkdown(verdict(), { cwd: "/repo/app", repository, rendered: new Map() });
}

it("says who promoted a version, and what differs by word and by metadata key", () => {
  const text = comment({});
  expect(text).toContain("| what changed | promoted |\n");
  expect(text).toContain("| new variable `plan` | 2026-01-20T15:00:00Z by usr&#95;01 |");
  expect(text).toContain('"model": <del>"gpt-4o-mini"</del> <ins>"gpt-5"</ins>\n<ins>"seed": 1</ins>\n');
  expect(text).toMatch(/metadata `output_schema`\n\n.*required/s);
  expect(text).toContain("You are a <del>polite</del><ins>friendly</ins> assistant.");
  expect(text).toContain(
    "- greeting&#64;production: version 2 has 4,312 tokens; its budget is 4,000 (error)",
  );
});

it("is text in all of its parts, whatever a prompt holds", () => {
  const page = new MarkdownIt({ html: true }).render(comment({}));
  expect(page).toContain("&lt;/pre&gt;&lt;b&gt;@all&lt;/b&gt; {{name}}<ins> {{plan}}</ins>");
  expect(page).not.toContain("<b>");
  expect(page.match(/<pre>/g)?.length).toBe(page.match(/<\/pre>/g)?.length);
});

it.each([
  [{}, "- `src/(mail)/a b.ts:3:7`\n"],
  [
    { GITHUB_REPOSITORY: "acme/shop", GITHUB_SHA: "c0ffee", GITHUB_SERVER_URL: "https://github.acme.com" },
    "- [`src/(mail)/a b.ts:3:7`](<https://github.acme.com/acme/shop/blob/c0ffee/app/src/(mail)/a%20b.ts#L3>)\n",
  ],
  [
    { CI_PROJECT_URL: "https://gitlab.com/acme/shop", CI_COMMIT_SHA: "c0ffee" },
    "(<https://gitlab.com/acme/shop/-/blob/c0ffee/app/src/(mail)/a%20b.ts#L3>)\n",
  ],
])("links a call to its line where the pipeline says where that is: %j", (env, link) => {
  expect(comment(env)).toContain(link);
});
