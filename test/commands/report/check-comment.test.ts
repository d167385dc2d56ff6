import MarkdownIt from "markdown-it";
import { expect, it } from "vitest";
import { checkMarkdown } from "../../../src/commands/report/markdown.ts";
import { code, html, plain } from "../../../src/commands/report/markdown-text.ts";
import { findRepository } from "../../../src/commands/report/remarks.ts";
import type { CheckedPrompt, CheckReport } from "../../../src/project/reports/report.ts";
import type { JsonObject, PromptContent } from "../../../src/prompt.ts";

const SCHEMA = {
  type: "object",
  properties: { reason: { type: "string", maxLength: 200 }, ok: { type: "boolean" } },
};

/** A comment about one prompt whose text and metadata differ, and a call that breaks. */
function comment(env: Readonly<Record<string, string>>, overrides: object = {}, name = "greeting"): string {
  const prompt: Partial<Record<keyof CheckedPrompt, unknown>> = {
    ref: { name, pin: { kind: "label", label: "production" } },
    grade: "breaking",
    isBroken: true,
    from: {
      id: "a",
      versionNumber: 1,
      content: "You are a polite assistant.\n</pre><b>@all</b> {{name}}\n",
      metadata: { model: "gpt-4o-mini", output_schema: SCHEMA },
    },
    to: {
      id: "b",
      versionNumber: 2,
      content: "You are a friendly assistant.\n</pre><b>@all</b> {{name}} {{plan}}\n",
      metadata: { model: "gpt-5", seed: 1, output_schema: { ...SCHEMA, required: ["ok"] } },
      promotedAt: "2026-01-20T15:00:00Z",
      promotedBy: "usr_01",
    },
    changes: [{ kind: "variable-added", breaks: true, message: 'new variable "plan"' }],
    calls: [
      { file: "/repo/app/src/(mail)/a b.ts", line: 3, column: 7, message: "Property 'plan' is missing." },
    ],
    notes: [],
    unseen: [],
    specifiers: [],
    requests: [],
    overBudget: ["has ≈4,312 tokens; its budget is 4,000"],
    ...overrides,
  };
  const report = { status: "breaking", platform: "compared", types: "current", prompts: [prompt] };
  const repository = findRepository({ GITHUB_WORKSPACE: "/repo", ...env }, "/repo/app");
  return checkMarkdown(report as unknown as CheckReport, { cwd: "/repo/app", repository });
}

it("says who promoted a version, and what differs by word and by metadata key", () => {
  const text = comment({});
  expect(text).toContain("| what changed | promoted |\n");
  expect(text).toContain("| new variable `plan` | 2026-01-20T15:00:00Z by usr&#95;01 |");
  expect(text).toContain('"model": <del>"gpt-4o-mini"</del> <ins>"gpt-5"</ins>\n<ins>"seed": 1</ins>\n');
  expect(text).toMatch(/metadata `output_schema`\n\n.*required/s);
  expect(text).toContain("You are a <del>polite</del><ins>friendly</ins> assistant.");
  expect(text).toContain(
    "- greeting&#64;<!-- -->production: version 2 has ≈4,312 tokens; its budget is 4,000",
  );
});

it("shows everything as text, whatever a prompt contains", () => {
  const page = new MarkdownIt({ html: true }).render(comment({}));
  expect(page).toContain("&lt;/pre&gt;&lt;b&gt;@all&lt;/b&gt; {{name}}<ins> {{plan}}</ins>");
  expect(page).not.toContain("<b>");
  expect(page.match(/<pre>/g)?.length).toBe(page.match(/<\/pre>/g)?.length);
});

it.each(["~~~", "```", "---", "1.", "- a", "+ a", "# a", "> a", "<b>", "~~a~~", "***"])(
  "a name is text, whatever it looks like at the start of a line: %s",
  (name) => {
    const page = new MarkdownIt({ html: true })
      .render(comment({}, {}, name))
      .replaceAll("<!-- -->", "")
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    const shown = name.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(page).toContain(`<li>${shown}@production: version 2 has ≈4,312 tokens`);
    expect(page).toContain(`<summary>${shown}: version 1 → 2</summary>`);
  },
);

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
])("links a call to its line if the pipeline says where that is: %j", (env, link) => {
  expect(comment(env)).toContain(link);
});

/** Two versions with these contents and metadata. */
function versions(from: [PromptContent, JsonObject?], to: [PromptContent, JsonObject?]) {
  const version = ([content, metadata = {}]: [PromptContent, JsonObject?], versionNumber: number) => {
    return { id: String(versionNumber), versionNumber, content, metadata };
  };
  return { from: version(from, 1), to: version(to, 2) };
}

it("has no empty code span, which would pull in the text after it", () => {
  expect(code("")).toBe('`""`');
  expect(plain('metadata "" and "a""b"')).toBe('metadata `""` and `a` `b`');
  const long = (text: string) => ({ "": `${"<b>live</b> ".repeat(20)}${text}` });
  const text = comment({}, versions(["x", long("1")], ["x", long("2")]));
  expect(text).toContain('metadata `""`\n\n');
  expect(new MarkdownIt({ html: true }).render(text)).not.toContain("<b>");
});

it("mentions nobody, references no issue and links no address", () => {
  const text = html("@octocat closes #12, see https://evil.test and www.evil.test");
  expect(text).toBe(
    "&#64;<!-- -->octocat closes &#35;<!-- -->12, see https:<!-- -->//evil.test and www<!-- -->.evil.test",
  );
});

it("has no line that GitLab reads as a quick action", () => {
  const lines = (word: string) => `/close\n  /label ~a\nA ${word} line of a prompt.\n/merge`;
  const text = comment({}, versions([lines("long")], [lines("short")]));
  expect(text).toContain("<pre>\n");
  expect(text).toContain("\n&#47;close\n  &#47;label ~a\n");
  expect(text).not.toMatch(/^\s*\//m);
});

it("masks secrets, also where a difference starts or ends inside one", () => {
  const key = (end: string) => `sk-ant-api03-${"Xk29qLmZ7vTbR4wYcP8nDf61".repeat(2)}-${end}`;
  const token = "ghp_8fKq2LmZ7vTbR4wYcP1nDf6XjHs9aGe3UoWi";
  const [old, now] = [key("aaQ"), `${key("bbQ")}Z`];
  const text = comment(
    {},
    versions([`${token}\nUse ${old} for this.`, { key: old }], [`Use ${now} for that.`, { key: now }]),
  );
  for (const part of ["Xk29qLmZ", "8fKq2LmZ", "aaQ", "bbQ"]) expect(text).not.toContain(part);
  expect(text).toContain("sk-a•");
  expect(html(`by ${token}`)).toMatch(/^by ghp&#95;•+$/);
});
