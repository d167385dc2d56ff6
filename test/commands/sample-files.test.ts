import { join } from "node:path";
import { expect, it } from "vitest";
import { loadSamples, writeSample } from "../../src/project/snapshot/samples.ts";
import { makeApp, writeTree } from "../support/app.ts";
import { cli, pulledProject } from "./cli-helpers.ts";

it("names a samples file that is nested too deep to use", async () => {
  const { root, env, prompt } = await pulledProject(
    { "src/a.ts": 'import "scope:welcome";\n' },
    { "welcome/1.md": "Hello {{name}}" },
  );
  await prompt("welcome/2.md", "Hello {{name}}!");
  const deep = `{ "Ada": { "name": ${"[".repeat(50_000)}${"]".repeat(50_000)} } }`;
  await writeTree(root, { "scope/samples/welcome.json": deep });
  for (const argv of [
    ["diff", "welcome", "--samples"],
    ["render", "welcome", "--sample", "Ada"],
  ]) {
    const { stdout, stderr } = await cli(argv, { cwd: root, env });
    expect(stdout + stderr).toContain("samples_damaged");
    expect(stdout + stderr).toContain(join("scope", "samples", "welcome.json"));
    expect(stdout + stderr).not.toContain("call stack");
  }
});

it("two samples of one prompt are kept, whatever their names are", async () => {
  const dir = join(await makeApp({ "scope/samples/welcome.json": '{ "Ada": {} }' }), "scope");
  await writeSample(dir, "welcome", "__proto__", JSON.parse('{ "__proto__": "x" }'));
  const samples = await loadSamples(dir, "welcome");
  expect([...samples.keys()]).toEqual(["Ada", "__proto__"]);
  expect(JSON.stringify(samples.get("__proto__"))).toBe('{"__proto__":"x"}');
});
