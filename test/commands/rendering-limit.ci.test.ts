import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { pulledProject } from "./cli-helpers.ts";

/** Sections that multiply the items of a list: 40 to the power of 12 renderings of nothing. */
const ENDLESS = `Go${"{{#items}}".repeat(12)}${"{{/items}}".repeat(12)}`;
const MANY = { items: Array.from({ length: 40 }, () => ({})) };

async function pulled() {
  const project = await pulledProject(
    { "scope.config.json": JSON.stringify({ prompts: { slow: { syntax: "mustache" }, welcome: {} } }) },
    { "slow/1.md": ENDLESS, "welcome/1.md": "Hello {{name}}" },
  );
  await writeTree(project.root, {
    "scope/samples/slow.json": JSON.stringify({ many: MANY, none: { items: [] } }),
    "scope/samples/welcome.json": JSON.stringify({
      backtracks: { name: "a".repeat(60), expect: { matches: "(a+)+$|^$" } },
      ends: { name: `${"a".repeat(60)}!`, expect: { matches: "(a|a)+$" } },
      Ada: { name: "Ada", expect: { matches: "^Hello" } },
    }),
  });
  return project;
}

it("fails a sample of `test` that renders or matches for too long, and tests the others", async () => {
  const { run } = await pulled();
  const { code, stdout } = await run("test");
  expect(code).toBe(3);
  expect(stdout).toContain('sample "many", scope/samples/slow.json\n');
  expect(stdout).toContain("The rendering took longer than 10 seconds.");
  expect(stdout).toContain('sample "ends", scope/samples/welcome.json\n');
  expect(stdout).toContain('matching it with "(a|a)+$" takes too long');
  expect(stdout).toContain("2 prompts, 5 samples: 2 failed");
}, 60_000);

it("says in a diff which sample took too long, and shows the others", async () => {
  const { run, prompt } = await pulled();
  await prompt("slow/2.md", `${ENDLESS}New`);
  const { stdout } = await run("diff", "slow", "--samples");
  expect(stdout).toMatch(/sample "many"\n {2}before: The rendering took longer than 10 seconds\./);
  expect(stdout).toMatch(/sample "none"\n@@.*\n-Go\n\+GoNew\n/);
}, 60_000);
