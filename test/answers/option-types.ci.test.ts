// The types of a prompt whose `answer` is an export of code: they import it, wherever TypeScript looks for files.
import { expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../src/platform/index.ts";
import { cli, testProject } from "../commands/cli-helpers.ts";
import { createProject, SOME_TYPESCRIPTS } from "../types/project.ts";

const FILES = {
  "package.json": '{ "type": "module" }',
  "src/answers.ts": `
    import * as z from "zod/v4";
    export const Triage = z.object({ team: z.enum(["billing", "support"]), days: z.string().transform(Number) });
    export const WithJson = Triage as typeof Triage & { "~standard": { jsonSchema: object } };
  `,
  "src/main.ts": `
    import triage, { output, outputSchema, type Output } from "scope:triage";
    import { outputSchema as json } from "scope:json";
    type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
    true satisfies Same<Output, { team: "billing" | "support"; days: number }>;
    const answer: Output = output.parse(triage({ ticket: "x" }));
    answer.days.toFixed();
    outputSchema satisfies undefined;
    json satisfies Record<string, unknown>;
    // @ts-expect-error There is no such field.
    answer.nothing;
  `,
};

/** What tsc says of the project. */
async function pulled(dts: string, answer = "./src/answers.ts#Triage") {
  const json = { prompt: "triage", answer: "./src/answers.ts#WithJson" };
  const config = { dts, prompts: { triage: { answer }, json } };
  const project = await createProject({ ...FILES, "scope.config.json": JSON.stringify(config) });
  onTestFinished(project.remove);
  const { prompts } = await testProject({}, { "triage/1.md": "Sort {{ticket}}" });
  const platform = await startPlatform({ dir: prompts });
  const { code, stderr } = await cli(["pull"], { cwd: project.dir, env: platform.env });
  await platform.close();
  expect(code, stderr).toBe(0);
  return project;
}

const RESOLUTIONS = [
  { module: "preserve", moduleResolution: "bundler" },
  { module: "nodenext", moduleResolution: "nodenext" },
];

it.each(["src/scope-types", "types/all.d.ts"])("in %s", { timeout: 500_000 }, async (dts) => {
  const project = await pulled(dts);
  for (const version of SOME_TYPESCRIPTS)
    for (const resolution of RESOLUTIONS)
      for (const allowImportingTsExtensions of [true, false]) {
        const options = { ...resolution, allowImportingTsExtensions };
        expect(await project.tsc(version, options), `${version} ${JSON.stringify(options)}`).toEqual([]);
      }
});
