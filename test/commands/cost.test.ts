import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, writeTree } from "../support/app.ts";
import { node, ROOT } from "../support/run.ts";
import { pulledProject } from "./cli-helpers.ts";

const MODEL = JSON.stringify({ versions: { "1": { metadata: { model: "gpt-5" } } } });

/** The package as installed, with its dependencies and nothing else. */
async function installed(): Promise<string> {
  const app = await temporaryFolder();
  const folder = join(app, "node_modules", "unplugin-scope");
  for (const name of ["bin", "dist", "package.json"])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = join(app, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), link, "dir");
  }
  return join(folder, "bin", "scope-gen.js");
}

it("without gpt-tokenizer counts are estimates, and a configured encoding is an error that says what to install", async () => {
  const { root, env } = await pulledProject(
    { "scope.config.json": "{}", "src/a.ts": 'import "scope:greeting";\n' },
    { "greeting/1.md": "Hello {{name}}", "greeting/prompt.json": MODEL },
  );
  const bin = await installed();
  const run = (...argv: string[]) => node([bin, ...argv, "--json"], { cwd: root, env });
  const estimated = await run("list", "--tokens");
  expect(estimated, estimated.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(estimated.stdout).prompts).toMatchObject([
    { encoding: null, tokens: expect.any(Number) },
  ]);
  await writeTree(root, { "scope.config.json": '{ "tokens": { "encoding": "o200k_base" } }' });
  for (const argv of [["list", "--tokens"], ["lint"], ["check", "--lint"]]) {
    const refused = await run(...argv);
    expect([argv, refused.code]).toEqual([argv, 1]);
    expect(JSON.parse(refused.stdout).error).toMatchObject({
      code: "tokenizer_missing",
      hint: expect.stringContaining("npm install --save-dev gpt-tokenizer"),
    });
  }
});
