import { expect } from "vitest";
import { writeTree } from "../support/app.ts";
import { type CliRun, cli, type TestProject, testProject } from "./cli-helpers.ts";

/** Renderings that promptfoo would read as templates and files. */
export const HOSTILE =
  '{{latest}} {{ env.HOME }} {% if %} {# c #} {{{x}}} {% endraw %} <b>&amp; "q" \\ {{\n\n';

/** A schema for answers whose texts promptfoo would read as templates, and whose reference it would follow itself. */
export const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  description: '{{ env.HOME }} {% raw %} {# c #} "q" \\ \u007f\ud83d\ude00',
  properties: { score: { $ref: "#/$defs/score" } },
  $defs: { score: { type: "number" } },
};

/** A pulled project with samples, whose prompt `welcome` has a later version. */
export async function evaluationProject(): Promise<
  TestProject & { run(...argv: string[]): Promise<CliRun> }
> {
  const project = await testProject(
    { "scope.config.json": JSON.stringify({ prompts: { welcome: {}, chat: {}, rate: {} } }) },
    {
      "welcome/1.md": "{{name}}",
      "welcome/prompt.json": JSON.stringify({ production: 1 }),
      "chat/1.json": JSON.stringify([
        { role: "system", content: "Be kind." },
        { role: "user", content: "{{q}}" },
      ]),
      "rate/1.md": "Rate {{text}}",
      "rate/prompt.json": JSON.stringify({
        versions: {
          1: {
            metadata: {
              output_schema: SCHEMA,
            },
          },
        },
      }),
    },
  );
  const run = (...argv: string[]) => cli(argv, { cwd: project.root, env: project.env });
  const pull = await run("pull");
  expect(pull, pull.stderr).toMatchObject({ code: 0 });
  await project.prompt("welcome/2.md", "{{name}}!");
  await writeTree(project.root, {
    "scope/samples/welcome.json": JSON.stringify({
      braces: { name: HOSTILE, expect: { contains: ["{{latest}} ", '"q" \\'], matches: "^\\{\\{" } },
      file: { name: "file:///etc/hosts", expect: { notContains: "localhost" } },
    }),
    "scope/samples/chat.json": JSON.stringify({
      why: { q: 'Why "{{x}}"?\n', expect: { contains: 'kind.\n\nWhy "{{x}}"?\n' } },
    }),
    "scope/samples/rate.json": JSON.stringify({ one: { text: "x" } }),
  });
  return { ...project, run };
}
