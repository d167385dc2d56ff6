import { readFile } from "node:fs/promises";

export const MODEL = { metadata: { model: "model-a" } };
const chat = (system: string) =>
  JSON.stringify([
    { role: "system", content: system },
    { role: "user", content: "{{name}} asks: {{topic}}" },
  ]);
/** The two prompts that `test/review/evidence/promptfooconfig.mjs` evaluates, each in two versions. */
export const PROMPTS = {
  "triage/1.md": "Hello {{name}}, about {{topic}}. {{ env.HOME }}",
  "triage/2.md": "Hi {{name}}: {{topic}}! {% raw %}",
  "triage/prompt.json": JSON.stringify({ production: 1, versions: { 1: MODEL, 2: MODEL } }),
  "reply/1.json": chat("Be {{ brief }}."),
  "reply/2.json": chat("Be {{ kind }}."),
  "reply/prompt.json": JSON.stringify({ production: 1, versions: { 1: MODEL, 2: MODEL } }),
};
export const CODE = 'import "scope:triage";\nimport "scope:reply";\n';

/** promptfoo's own counts, by the label of the prompt that it evaluated. */
export async function promptfooCounts(file: string) {
  const { results } = JSON.parse(await readFile(file, "utf8"));
  return Object.fromEntries(
    results.prompts.map(({ label, metrics }: ReturnType<typeof JSON.parse>) => [
      label,
      { passed: metrics.testPassCount, failed: metrics.testFailCount, errors: metrics.testErrorCount },
    ]),
  );
}
