import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { node, ROOT, run, succeed } from "../support/run.ts";
import { cli, testProject } from "./cli-helpers.ts";

// Issue 40: a yo-code extension ignores lib/, and only its tsconfig.build.json names it.
it("no command asks for a prompt that only a compiler's output imports", async () => {
  const use = (name: string) => `import text from "scope:${name}";\nexport const said = text();\n`;
  const { root, env } = await testProject(
    {
      ".gitignore": "lib/\n.env.local\n",
      "package.json": '{ "type": "module" }',
      "tsconfig.json": '{ "compilerOptions": { "types": [], "noEmit": true } }',
      "tsconfig.build.json":
        '{ "extends": "./tsconfig.json", "compilerOptions": { "noEmit": false, "rootDir": "src", "outDir": "lib" } }',
      "src/main.ts": use("old"),
    },
    { "old/1.md": "Hello" },
  );
  await succeed(run("git", ["init", "-q"], { cwd: root }));
  await cli(["pull"], { cwd: root, env });
  const tsc = node([`${ROOT}/node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json"], { cwd: root });
  await succeed(tsc);
  await writeTree(root, { "src/main.ts": use("greeting") });
  const { root: _, ...renamed } = await testProject({}, { "greeting/1.md": "Hello" });
  for (const command of [["pull", "--prune"], ["check"], ["types"]]) {
    const { code, stderr } = await cli(command, { cwd: root, env: renamed.env });
    expect([command[0], code], stderr).toEqual([command[0], 0]);
  }
});
