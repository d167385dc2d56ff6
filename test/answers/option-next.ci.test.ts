// Next's bundlers have a prompt's module elsewhere than on the disk: what it imports is found all the same.
import { expect, it, onTestFinished } from "vitest";
import { copyNextApp, nextBuild, removeNextApp, runNext } from "../bundlers/next/next-app.ts";
import { writeTree } from "../support/app.ts";
import { servePrompts } from "../support/dev-platform.ts";
import { scopeGen, succeed } from "../support/run.ts";

const FILES = {
  "scope.config.json": JSON.stringify({
    prompts: {
      greeting: { answer: "./lib/answers.ts#Greeting" },
      "support/hint": { answer: "./lib/hint.json" },
    },
  }),
  "lib/answers.ts": `export const Greeting = { own: "object" as const, "~standard": { version: 1 } };\n`,
  "lib/hint.json": '{ "type": "string" }',
  "app/answer/route.js": `
    import { output, outputSchema } from "scope:greeting";
    import { output as hint } from "scope:support/hint";
    export const GET = () => new Response([output.own, typeof outputSchema, hint.parse('"read"')].join());
  `,
};

it.each(["turbopack", "webpack"] as const)("%s", { timeout: 400_000 }, async (bundler) => {
  const platform = await servePrompts({
    "greeting/1.md": "Hello {{name}}.",
    "support/hint/1.md": "A hint.",
    "only-edge/1.md": "At the edge.",
  });
  const root = await copyNextApp();
  onTestFinished(async () => {
    await removeNextApp(root);
    await platform.close();
  });
  await writeTree(root, FILES);
  await succeed(scopeGen(["pull"], { cwd: root, env: platform.env }));
  const env = { ...platform.env, SCOPE_FETCH: "never" };
  await succeed(nextBuild(root, bundler, env));
  const next = await runNext(root, ["start"], env);
  expect(await next.text("/answer").finally(() => next.close())).toBe("object,undefined,read");
});
