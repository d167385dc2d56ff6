import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { cli, testProject } from "../cli/cli-helpers.ts";
import { buildApp, outputFile } from "../support/app.ts";

const SCHEMA = {
  type: "object",
  properties: { reasoning: { type: "string" }, answer: { type: "string" } },
  required: ["reasoning", "answer"],
};

it.each(["vite", "esbuild", "webpack"] as const)(
  "%s emits the same bytes from the platform and from the snapshot, with metadata keys in their order",
  async (bundler) => {
    const { root, env, prompt } = await testProject(
      {
        "src/main.ts": `import hi, { metadata, outputSchema } from "scope:hi";\nconsole.log(hi(), JSON.stringify([metadata, outputSchema]));\n`,
        "package.json": '{ "type": "module" }',
        "scope.config.json": '{ "prompts": ["hi"] }\n',
      },
      { "hi/1.md": "Hi" },
    );
    const settings = (schema: object) => ({
      versions: { 1: { metadata: { output_schema: schema, model: "m" } } },
    });
    await prompt("hi/prompt.json", JSON.stringify(settings(SCHEMA)));
    expect((await cli(["pull"], { cwd: root, env })).code).toBe(0);
    const outputs: string[] = [];
    for (const SCOPE_FETCH of ["always", "never"]) {
      const built = await buildApp(bundler, root, { ...env, SCOPE_FETCH });
      expect(built, built.stderr).toMatchObject({ code: 0 });
      outputs.push(await readFile(outputFile(bundler, root), "utf8"));
    }
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[0]?.indexOf("reasoning")).toBeLessThan(outputs[0]?.indexOf("answer") ?? 0);

    const { reasoning, answer } = SCHEMA.properties;
    const reordered = { ...SCHEMA, properties: { answer, reasoning } };
    await prompt("hi/prompt.json", JSON.stringify(settings(reordered)));
    const { code, stdout } = await cli(["check", "--json"], { cwd: root, env });
    const message = "output_schema.properties: fields in another order";
    expect([code, JSON.parse(stdout).prompts[0]]).toEqual([
      2,
      expect.objectContaining({ change: "values", changes: [{ kind: "metadata-value", message }] }),
    ]);
  },
);
