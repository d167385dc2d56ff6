import { expect, it } from "vitest";
import { linkPackage, node } from "../support/run.ts";
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
