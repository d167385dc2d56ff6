// On the hosted platform, a promotion makes the version before it a draft, which can be edited under its id. Whatever
// becomes of a version there, a pin on it builds what is committed.
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../../src/project/project.ts";
import { comparePrompts } from "../../src/project/versions/compare-prompts.ts";
import { Compilation } from "../../src/run/compilation.ts";
import { cli } from "../commands/cli-helpers.ts";
import { makeApp } from "../support/app.ts";
import { ReferencePlatform } from "./reference-platform.ts";
import { FORMS } from "./wire-forms.ts";

const NAME = "letter";
const PINNED = "v_letter_1";

/** What a body of the pinned version has instead. */
const edit = fc.oneof(
  fc.record({ content: fc.string() }),
  fc.record({ content: fc.constantFrom("Dear {{name}}, for {{plan}}", "{{", "No variable.") }),
  fc.record({ metadata: fc.constantFrom({}, { model: "large" }, { model: 5, more: [] }) }),
  fc.constant({ prompt_type: "chat", content: [{ role: "HUMAN", content: "I am {{name}}." }] }),
);
type Step =
  | { readonly kind: "promote"; readonly number: number }
  | { readonly kind: "edit"; readonly to: object; readonly status: string }
  | { readonly kind: "archive" }
  | { readonly kind: "refuse"; readonly status: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("promote"), number: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant("edit"), to: edit, status: fc.constantFrom("draft", "published") }),
  fc.constant<Step>({ kind: "archive" }),
  fc.record({ kind: fc.constant("refuse"), status: fc.constantFrom(403, 404, 500) }),
);

let platform: ReferencePlatform;
let root: string;
const env = (fetch: string) => ({ ...platform.env, SCOPE_FETCH: fetch });

beforeAll(async () => {
  platform = await ReferencePlatform.start();
  root = await makeApp({
    "scope.config.json": JSON.stringify({
      maxRetries: 0,
      prompts: { old: { prompt: NAME, version: PINNED } },
    }),
    "src/main.js": `import "scope:old";\nimport "scope:${NAME}?version=${PINNED}";\n`,
  });
});
afterAll(() => platform.close());

/** Both modules of the pin, as a build makes them. */
async function build(fetch: string): Promise<string> {
  const project = await openProject({ cwd: root, env: env(fetch), isTestRun: false });
  const reporter = { info: () => {}, warn: (text: string) => expect(text).not.toContain("platform") };
  const compilation = new Compilation(project, { development: false, reporter });
  const files = [];
  for (const key of ["old", `${NAME}?version=${PINNED}`])
    files.push(await compilation.module(`scope:${key}`));
  await compilation.finish(reporter);
  await project.close();
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
}

function happen(step: Step): void {
  const body = FORMS.documented({ name: NAME, number: 1 });
  if (step.kind === "promote") platform.serve(NAME, FORMS.documented({ name: NAME, number: step.number }));
  else if (step.kind === "edit") platform.serve(NAME, { ...body, status: step.status, ...step.to }, []);
  else if (step.kind === "archive") platform.archive(NAME, PINNED);
  else platform.refuse(NAME, step.status, { code: "refused", message: "Not today" });
}

it("100 histories change no byte of a pinned build, which sends no request", async () => {
  platform.serve(NAME, FORMS.documented({ name: NAME, number: 1 }));
  expect(await cli(["pull"], { cwd: root, env: env("auto") })).toMatchObject({ code: 0 });
  const built = await build("never");
  expect(built).toContain("greets you, edition 1.");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.constantFrom("auto", "always")), { minLength: 1, maxLength: 6 }),
      async (history) => {
        happen({ kind: "promote", number: 1 });
        for (const [step, fetch] of history) {
          happen(step);
          const before = platform.requests.length;
          expect(await build(fetch)).toBe(built);
          expect(platform.requests.length).toBe(before);
        }
        if (history.some(([{ kind }]) => kind === "refuse")) return;
        const project = await openProject({ cwd: root, env: env("auto"), isTestRun: false });
        const { prompts } = await comparePrompts(project);
        await project.close();
        for (const { grade } of prompts) expect(["none", "text", "values"]).toContain(grade);
      },
    ),
    { numRuns: 100 },
  );
});
