// Schemas that are too tangled to be compared: right after `pull`, and with another version on the platform.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cli, testProject } from "../commands/cli-helpers.ts";
import { succeed } from "../support/run.ts";

const field = (name: string) => ({
  type: "object",
  properties: { [name]: { type: ["string", "number", "boolean"] } },
  required: [name],
});
const union = { anyOf: [field("p"), field("q")] };
const tangled = (names: readonly string[]) => ({ anyOf: names.map((name) => field(name)) });
const NAMES = Array.from({ length: 400 }, (_, at) => `f${at}`);

it("keep their own contract, and get a warning if they can't be compared", async () => {
  const self = { type: "object", properties: { x: union, y: union }, propertes: {} };
  const settings = (...schemas: object[]) =>
    JSON.stringify({
      versions: Object.fromEntries(
        schemas.map((output_schema, at) => [at + 1, { metadata: { output_schema } }]),
      ),
    });
  const { root, env, prompt } = await testProject(
    { "src/main.ts": 'import "scope:self";\nimport "scope:moved";\n' },
    {
      "self/1.md": "Hello",
      "self/prompt.json": settings(self),
      "moved/1.md": "Hello",
      "moved/prompt.json": settings(tangled(NAMES), tangled(NAMES.toReversed())),
    },
  );
  const run = (...argv: string[]) => cli(argv, { cwd: root, env });
  const pulled = await succeed(run("pull"));
  expect(pulled.stderr + pulled.stdout).toContain('Did you mean "properties"?');
  expect(await run("check")).toMatchObject({ code: 0 });
  await prompt("moved/2.md", "Hello");
  const { code, stdout } = await run("diff", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).prompts).toMatchObject([
    {
      name: "moved",
      change: "compatible",
      changes: [{ message: expect.stringContaining("couldn't compare") }],
    },
  ]);
  expect((await run("check", "--fail-on", "breaking")).code).toBe(0);
  expect(await readFile(join(root, "scope/moved@production.json"), "utf8")).toContain('"versionNumber": 1');
});
