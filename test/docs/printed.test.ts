// What the pages show as printed, next to a run that prints it; two pages are walked as a whole in walkthroughs.ci.test.ts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as client from "../../src/client/index.ts";
import { pulledProject } from "../commands/cli-helpers.ts";
import { linkPackage, node, ROOT } from "../support/run.ts";
import { type Block, notChecked, readPages } from "./blocks.ts";

/** What the commands of a recorded session print, without the marks of both outputs. */
const session = (name: string) => async () => {
  const text = await readFile(join(ROOT, `test/commands/samples/pages/${name}.txt`), "utf8");
  return (text.match(/^(?:(?: {2}|! ).*)?$/gm) ?? []).map((line) => line.slice(2)).join("\n");
};

/** A page, a word of its block, and what a run of it prints. */
const PRINTED: readonly [page: string, of: string, print: () => Promise<string>][] = [
  ["docs/check.md", "what changed", session("check")],
  ["docs/cli.md", "2 newer", session("list")],
  // In an item of a list.
  [
    "docs/recipes/ci.md",
    "Argument of type",
    async () => (await session("comment")()).replaceAll("\n  ", "\n"),
  ],
  ["docs/rollback.md", "+  prompts: {", session("rollback")],
  ["docs/guide/team.md", "linguist-generated", session("attributes")],
  [
    "docs/guide/deploy.md",
    '"bundler": "vite"',
    async () => {
      const made = await pulledProject(
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
      return await readFile(join(made.root, ".scope/manifest/dist@client.json"), "utf8");
    },
  ],
];

/** Pages of which walkthroughs.ci.test.ts takes every step. */
const WALKED = ["README.md", "docs/guide/first-prompt.md", "docs/guide/development.md"];

const blocks = (await readPages()).flatMap((page) => page.blocks);

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
  const left = blocks.filter(
    (block) =>
      ["", "text", "diff"].includes(block.language) && !isHeld(block) && notChecked(block) === undefined,
  );
  expect(left.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});
