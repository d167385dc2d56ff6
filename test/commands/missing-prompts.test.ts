import { join } from "node:path";
import { expect, it } from "vitest";
import { writeTree } from "../support/app.ts";
import { linkPackage, node, ROOT, run, succeed } from "../support/run.ts";
import { cli, testProject } from "./cli-helpers.ts";

it("a misspelt import gets the nearest name under each policy of a build", async () => {
  const { root, env } = await testProject(
    {
      "scope.config.json": '{ "prompts": ["greeting"] }',
      "src/app.ts": 'import greeting from "scope:greting";\nconsole.log(greeting);\n',
      "build.mjs": `import scope from "unplugin-scope/esbuild";
import { build } from "esbuild";
await build({ entryPoints: ["src/app.ts"], bundle: true, outfile: "out.js", platform: "node", plugins: [scope()], logLevel: "warning" });
`,
    },
    { "greeting/1.md": "Hello {{name}}" },
  );
  await linkPackage(root);
  await cli(["pull", "greeting"], { cwd: root, env });
  for (const [policy, given] of [
    ["auto", env],
    ["always", env],
    ["never", env],
    ["auto", {}],
  ] as const) {
    const ran = await node(["build.mjs"], { cwd: root, env: { ...given, SCOPE_FETCH: policy } });
    const said = `${ran.stdout}${ran.stderr}`.replace(/\s+/g, " ");
    expect([policy, ran.code, said]).toEqual([
      policy,
      1,
      expect.stringContaining('Did you mean "greeting"?'),
    ]);
  }
});

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

it("without credentials and snapshot: nothing is committed, whether git ignores it, and which folder above has what wasn't found", async () => {
  const { root } = await testProject(
    {
      ".gitignore": "scope/\n",
      "src/app.ts": 'import "scope:greeting";\n',
      "apps/web/a.ts": 'import "scope:greeting";\n',
    },
    {},
  );
  await succeed(run("git", ["init", "-q"], { cwd: root }));
  const said = async (cwd: string, ...argv: string[]) => {
    const { stdout, stderr } = await cli(argv, { cwd });
    return (stdout + stderr).replace(/\s+/g, " ");
  };
  const build = ["emit", "--out-dir", "out"];
  const nothing = `Nothing is committed in ${join(root, "scope")}`;
  const copy = "If this is a deployed folder, copy the snapshot there. No Scope credentials are set";
  expect(await said(root, ...build)).toContain(
    `${nothing}, and git ignores it: .gitignore:1 (scope/). ${copy}`,
  );
  await writeTree(root, { ".gitignore": "", ".env.local": "" });
  expect(await said(root, ...build)).toContain(`${nothing}. ${copy}`);
  const web = join(root, "apps/web");
  const above = `Only ${web} was searched, and ${root} has .env.local. Run there: npx scope-gen init`;
  for (const argv of [build, ["check"], ["pull"], ["doctor"]])
    expect([argv, await said(web, ...argv)]).toEqual([argv, expect.stringContaining(above)]);
});
