// What the pages show as printed, next to a run that prints it; two pages are walked as a whole in walkthroughs.ci.test.ts.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as client from "../../src/client/index.ts";
import { cli, type TestProject, testProject } from "../commands/cli-helpers.ts";
import { commitAll } from "../commands/git-repository.ts";
import { linkPackage, node } from "../support/run.ts";
import { type Block, notChecked, readPages } from "./blocks.ts";

type Files = Readonly<Record<string, string>>;

const STRICT =
  '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "types": [] } }';

/** A page, a word of its block, and what a run of it prints. */
const PRINTED: readonly [page: string, of: string, print: () => Promise<string>][] = [
  [
    "docs/check.md",
    "what changed",
    async () => {
      const others = Array.from({ length: 10 }, (_, number) => `other_${number}`);
      const made = await pulled(
        {
          "src/reply.ts": `import reply from "scope:reply";\n\n\n\nexport const answer = (message: string) =>\n${" ".repeat(43)}reply({ tone: "formal", message });\n`,
          "tsconfig.json": STRICT,
          "src/a.ts": ["summary", ...others].map((name) => `import "scope:${name}";\n`).join(""),
          "scope.config.json":
            '{ "prompts": { "reply": { "variables": { "tone": ["formal", "casual"] } } } }',
        },
        {
          "reply/1.md": "In a {{tone}} tone: {{message}}",
          "summary/1.md": "Sum up.",
          "summary/prompt.json": models({ 1: { model: "gpt-5.6-sol", temperature: 0.3 } }),
          ...Object.fromEntries(others.map((name) => [`${name}/1.md`, "Hello"])),
        },
      );
      await made.prompt("reply/2.md", "In a {{tone}} tone, of {{length}}: {{message}}");
      await made.prompt("summary/2.md", "Sum up.");
      const newer = { model: "gpt-6.1-sol", temperature: 0.9 };
      const older = { model: "gpt-5.6-sol", temperature: 0.3 };
      await made.prompt("summary/prompt.json", models({ 1: older, 2: newer }));
      return output(made, "check");
    },
  ],
  [
    "docs/cli.md",
    "2 newer",
    async () => {
      const made = await pulled({ "src/a.ts": 'import "scope:legal";\n' }, { "legal/1.md": "No warranty." });
      await output(made, "pin", "legal", "--yes");
      for (const number of [2, 3]) await made.prompt(`legal/${number}.md`, `No warranty (${number}).`);
      return output(made, "list");
    },
  ],
  [
    "docs/cost.md",
    "cacheable prefix  variables",
    async () => {
      const rules = (count: number) => "Answer in short sentences. ".repeat(count);
      const made = await pulled(
        { "src/a.ts": 'import "scope:support_triage";\nimport "scope:reply";\n' },
        {
          "support_triage/1.md": `${rules(260)}Ticket: {{ticket}}. Plan: {{plan}}. Answer with the team that takes it.`,
          "support_triage/prompt.json": models({ 1: { model: "gpt-6.1-sol" } }),
          "reply/1.md": `Reply in a short text, in a {{tone}} tone. ${rules(40)}The message: {{message}}`,
          "reply/prompt.json": models({ 1: { model: "claude-sonnet-5" } }),
        },
      );
      return output(made, "list", "--tokens");
    },
  ],
  [
    "docs/guide/deploy.md",
    "(vite, client)",
    async () => {
      const made = await pulled(
        {
          "scope.config.json": '{ "clientBundle": "allow" }',
          "vite.config.mjs":
            'import scope from "unplugin-scope/vite";\nexport default { plugins: [scope()] };\n',
          "index.html": '<script type="module" src="/src/main.ts"></script>',
          "src/main.ts":
            'import greeting from "scope:greeting-template";\n\nconsole.log(greeting({ name: "Ada" }));\n',
        },
        Object.fromEntries(
          [1, 2, 3, 4].map((number) => [`greeting-template/${number}.md`, "Hello {{name}}"]),
        ),
      );
      await linkPackage(made.root);
      const vite = join(made.root, "node_modules/vite/bin/vite.js");
      expect(await node([vite, "build"], { cwd: made.root, env: made.env })).toMatchObject({ code: 0 });
      return output(made, "list", "--built", ".scope/manifest.json");
    },
  ],
  [
    "docs/lint.md",
    "prompt-system-variable",
    async () => {
      const others = Array.from({ length: 11 }, (_, number) => `other_${number}`);
      const chat = [{ role: "system", content: "Be brief.\nYou help {{customer}}." }];
      const made = await pulled(
        { "src/a.ts": ["reply", ...others].map((name) => `import "scope:${name}";\n`).join("") },
        {
          ...Object.fromEntries([1, 2, 3].map((number) => [`reply/${number}.json`, JSON.stringify(chat)])),
          ...Object.fromEntries(others.map((name) => [`${name}/1.md`, "Hello"])),
        },
      );
      return output(made, "lint");
    },
  ],
  [
    "docs/recipes/ci.md",
    "Argument of type",
    async () => {
      const call = 'greeting({ name: "Ada", product: "Looms" });\n';
      const made = await pulled(
        {
          "tsconfig.json": STRICT,
          "src/main.ts": `import greeting from "scope:greeting-template";\n\nexport const text = ${call}`,
        },
        { "greeting-template/1.md": "{{name}}, {{product}}" },
      );
      await made.prompt("greeting-template/2.md", "{{name}}, {{product}}, {{plan}}");
      return (await output(made, "check", "--markdown")).replaceAll("\n  ", "\n");
    },
  ],
  [
    "docs/recipes/extract.md",
    "+import greet",
    async () => {
      const lines = [
        'import { openai } from "./openai.ts";',
        "",
        "interface User {",
        "  name: string;",
        "}",
        "",
      ];
      const call = [
        "export const write = (user: User, topic: string) =>",
        "  openai({",
        '    model: "gpt-6.1-sol",',
        "  content: `Write to ${user.name} about ${topic}.`,",
        "  });",
      ];
      const files = {
        "src/openai.ts": "export const openai = (request: object) => request;\n",
        "src/mail.ts": `${[...lines, ...call].join("\n")}\n`,
      };
      const { root } = await testProject(files, {});
      const { stderr } = await cli(["extract", "src/mail.ts:10", "--name", "greet", "--yes"], { cwd: root });
      return stderr;
    },
  ],
  [
    "docs/rollback.md",
    "+  prompts: {",
    async () => {
      const config =
        'import { defineConfig } from "unplugin-scope";\n\nexport default defineConfig({\n  label: "production",\n});\n';
      const made = await pulled(
        { "src/a.ts": 'import "scope:welcome";\n', "scope.config.ts": config },
        { "welcome/1.md": "Hello" },
      );
      await linkPackage(made.root);
      await commitAll(made.root, "One");
      await made.prompt("welcome/2.md", "Hello there");
      await output(made, "pull");
      await commitAll(made.root, "Two");
      return output(made, "pin", "welcome", "--previous", "--yes");
    },
  ],
  [
    "docs/guide/team.md",
    "linguist-generated",
    async () => {
      const made = await testProject({ "src/a.ts": "", "package.json": "{}" }, {});
      await commitAll(made.root, "One");
      await output(made, "init", "--yes");
      return readFile(join(made.root, ".gitattributes"), "utf8");
    },
  ],
  [
    "docs/recipes/promptfoo.md",
    "evaluated",
    async () => {
      const model = { metadata: { model: "gpt-6.1-sol" } };
      const made = await pulled(
        { "src/a.ts": 'import "scope:greeting-template";\n' },
        {
          "greeting-template/1.md": "Hello {{name}}",
          "greeting-template/2.md": "Hello {{name}}!",
          "greeting-template/prompt.json": JSON.stringify({
            production: 1,
            versions: { 1: model, 2: model },
          }),
        },
      );
      const rows = ["", "!"].flatMap((end, version) =>
        Array.from({ length: 40 }, (_, number) => {
          const vars = { name: `Ada ${number}` };
          return {
            id: `row-${version}-${number}`,
            testCase: { vars },
            prompt: { raw: `Hello Ada ${number}${end}` },
            vars,
            provider: { id: "gpt-6.1-sol" },
            success: number >= [2, 7][version]!,
          };
        }),
      );
      const results = { results: { version: 3, timestamp: "2026-12-01T00:00:00.000Z", results: rows } };
      await writeFile(join(made.root, "results.json"), JSON.stringify(results));
      return output(made, "check", "--label", "latest", "--results", "results.json");
    },
  ],
];

/** A project whose prompts are committed. */
async function pulled(files: Files, prompts: Files): Promise<TestProject> {
  const made = await testProject(files, prompts);
  await output(made, "pull");
  return made;
}

async function output({ root, env }: TestProject, ...argv: string[]): Promise<string> {
  const { stdout, stderr } = await cli(argv, { cwd: root, env });
  return stderr + stdout;
}

/** The settings of a prompt with the metadata of each version. */
function models(byVersion: Readonly<Record<number, object>>): string {
  const versions = Object.entries(byVersion).map(([number, metadata]) => [number, { metadata }]);
  return JSON.stringify({ versions: Object.fromEntries(versions) });
}

/** Pages of which walkthroughs.ci.test.ts takes every step. */
const WALKED = ["README.md", "docs/guide/first-prompt.md", "docs/guide/development.md"];

const blocks = (await readPages())
  .flatMap((page) => page.blocks)
  .filter(({ language }) => ["", "text", "diff"].includes(language));

it.each(PRINTED)(
  "%s: a run prints what it shows (%s)",
  async (page, of, print) => {
    const { text } = blocks.find((one) => one.page === page && one.text.includes(of)) as Block;
    const printed = (await print()).split("\n").map((line) => line.trimEnd());
    const isLike = (line: string) => {
      const parts = line
        .trimEnd()
        .split("…")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${parts.join(".*")}$`);
    };
    let from = 0;
    for (const line of text.trimEnd().split("\n")) {
      const at = printed.findIndex((one, index) => index >= from && isLike(line).test(one));
      expect(at, `${line}\nisn't in\n${printed.join("\n")}`).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  },
  60_000,
);

it("docs/client.md: every error has the parent that the page shows", () => {
  const { text } = blocks.find((one) => one.text.startsWith("ScopeError\n")) as Block;
  const path: string[] = [];
  const shown = text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [, indent = "", name = ""] = /^( *)(\w+)/.exec(line) ?? [];
      path[indent.length / 2] = name;
      return [name, path[indent.length / 2 - 1] ?? "Error"];
    });
  const classes = Object.values<unknown>(client).filter(
    (one): one is typeof Error => typeof one === "function" && one.prototype instanceof Error,
  );
  const own = classes.map((one) => [one.name, Object.getPrototypeOf(one).name]);
  expect(own).toEqual(expect.arrayContaining(shown));
});

it("every block without code is printed by a run, or says why not", () => {
  const isHeld = (block: Block) =>
    block.text.startsWith("ScopeError\n") ||
    WALKED.includes(block.page) ||
    PRINTED.some(([page, of]) => block.page === page && block.text.includes(of));
  const left = blocks.filter((block) => !isHeld(block) && notChecked(block) === undefined);
  expect(left.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});
