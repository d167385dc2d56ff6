import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openProject } from "../../src/build/project.ts";
import { findStaleTypes } from "../../src/build/types/find-stale-types.ts";
import { writeTree } from "../support/app.ts";
import { cli, testProject } from "./cli-helpers.ts";

const NAMES = "UnpluginScopePrompts";
const IMPORTS = `import greeting from "scope:greeting";\nexport const text = greeting({ name: "Ada" });\n`;
const CLIENT = `import { client } from "unplugin-scope/client";\nexport const text = client().renderPrompt("greeting", { name: "Ada" });\n`;

/** A pulled project, and what its commands and builds say of its types. */
async function pulled(files: Readonly<Record<string, string>>) {
  const { root, env } = await testProject(files, { "greeting/1.md": `Hello {{name}}\ninterface ${NAMES} {` });
  const pull = () => cli(["pull"], { cwd: root, env });
  expect((await pull()).code).toBe(0);
  return {
    root,
    pull,
    types: () => readFile(join(root, "src/scope-types/greeting.d.ts"), "utf8"),
    check: async () => (await cli(["check"], { cwd: root, env })).code,
    /** What a build says of types that are out of date. */
    build: async () => {
      const { options, close } = await openProject({ cwd: root, env, isTestRun: false });
      await close();
      return findStaleTypes(options, ["scope:greeting"], undefined);
    },
  };
}

const isOf = (types: string) => /^ *(?:global \{ )?interface UnpluginScopePrompts \{/m.test(types);

it("prompts are declared for the client where the code names it, and every command and build agrees", async () => {
  const project = await pulled({ "src/mail.ts": IMPORTS });
  const before = await project.types();
  expect(isOf(before)).toBe(false);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);

  // A build knows the imports that it meets alone.
  await writeTree(project.root, { "src/service.ts": CLIENT });
  expect([await project.check(), await project.build()]).toEqual([2, undefined]);
  expect((await project.pull()).code).toBe(0);
  const after = await project.types();
  expect(after).toContain(`global { interface ${NAMES} { "greeting": `);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);
  // In the layout of a formatter.
  const formatted = after.replace(
    /global \{ (interface \w+ \{) (.*) \} \}/,
    "global {\n    $1\n      $2;\n    }\n  }",
  );
  expect(formatted).not.toBe(after);
  await writeFile(join(project.root, "src/scope-types/greeting.d.ts"), formatted);
  expect([await project.check(), await project.build()]).toEqual([0, undefined]);
  await writeFile(
    join(project.root, "src/scope-types/greeting.d.ts"),
    after.replace("name: string", "nam: string"),
  );
  expect([await project.check(), await project.build()]).toEqual([
    2,
    { what: expect.any(String), warning: expect.stringContaining("out of date") },
  ]);
  await project.pull();

  await writeTree(project.root, { "src/service.ts": "" });
  expect([await project.check(), await project.build()]).toEqual([2, undefined]);
  await project.pull();
  expect(await project.types()).toBe(before);
});

it("a prompt that the config alone names is declared for the client too", async () => {
  const config = `{ "prompts": { "welcome": { "prompt": "greeting" } } }`;
  const project = await pulled({ "src/service.ts": CLIENT, "scope.config.json": config });
  expect(await project.types()).toContain(
    `interface ${NAMES} {\n  "greeting": [typeof import("scope:welcome").render`,
  );
  expect(await project.check()).toBe(0);
});
