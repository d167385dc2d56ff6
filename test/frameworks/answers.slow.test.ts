// Answers by the schemas of zod, valibot, ArkType and a JSON file, as an application has them from npm: compiled by
// TypeScript, built, and run against a server that answers as a model does.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Platform, startPlatform } from "../../src/platform/index.ts";
import { type ModelServer, startModelServer } from "../sdks/model-server.ts";
import { replaceFile } from "../support/app.ts";
import { DevPlatform } from "../support/dev-platform.ts";
import { ROOT } from "../support/run.ts";
import { Application } from "./application.ts";

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
});
afterAll(() => models.close());

/** The prompts are committed and the code compiles; the build goes by what is committed. */
async function build(app: Application): Promise<void> {
  await app.succeedBin("scope-gen pull");
  await app.succeedBin("tsc -p .");
  await app.succeedBin("vite build", { SCOPE_FETCH: "never" });
}

const run = async (app: Application, ...args: readonly string[]) =>
  JSON.parse((await app.succeed(process.execPath, ["dist/main.js", ...args])).stdout);

describe("a claim in four stages", { timeout: 200_000 }, () => {
  let app: Application;
  let platform: Platform;
  beforeAll(async () => {
    app = await Application.install("claims");
    platform = await startPlatform({ dir: join(app.root, "prompts") });
    app.env = { ...platform.env, ...models.env };
    await build(app);
  }, 900_000);
  afterAll(async () => {
    await platform?.close();
    await app?.remove();
  }, 60_000);

  const risk = { topic: "cause", level: "high", advice: "Ask." };
  const STAGES = [
    {
      stage: "sort",
      library: "ArkType",
      given: { kind: "water", effort: "short", needs_expert: false },
      streamed: "water",
      wrong: { kind: "wind", effort: "short", needs_expert: false },
    },
    {
      stage: "read",
      library: "a JSON file",
      given: {
        points: [{ topic: "cause", found: true, quote: "A pipe burst", page: 1, certainty: 0.9, remark: "" }],
        people: [{ name: "Bo", role: "witness" }],
        happened: "2026-01-02",
        reported: null,
        policy: "home",
      },
      streamed: "A pipe burst",
      wrong: { points: [], people: [], happened: null, reported: null },
    },
    {
      stage: "weigh",
      library: "zod",
      given: { risks: [{ ...risk, reasons: "old pipe; no photo" }], overall: "high", gaps: [] },
      // A library may read an answer in its own way.
      answer: { risks: [{ ...risk, reasons: ["old pipe", "no photo"] }], overall: "high", gaps: [] },
      streamed: "high",
      wrong: { risks: [{ ...risk, reasons: 1 }], overall: "high", gaps: [] },
    },
    {
      stage: "report",
      library: "valibot",
      given: { summary: "A pipe burst in May.", facts: [], risks: [], questions: ["When?"] },
      streamed: "A pipe burst in May.",
      wrong: { summary: "", facts: [], risks: [{ risk: "a", severity: "none", advice: "" }], questions: [] },
    },
  ];

  it.each(STAGES)("$stage, by $library", async ({ stage, given, answer = given, streamed, wrong }) => {
    models.answer = JSON.stringify(given);
    models.asked.length = 0;
    const ran = await run(app, stage);
    expect(ran.answer).toEqual(answer);
    // It was there before the whole answer was.
    expect(ran.parts).toContain(streamed);
    expect(ran.schema).toMatchObject({
      type: "object",
      required: expect.arrayContaining(Object.keys(given)),
    });
    if (stage !== "read")
      expect(models.asked).toMatchObject([
        { body: { responseFormat: { schema: { properties: ran.schema.properties } } } },
      ]);
    models.answer = JSON.stringify(wrong);
    expect((await app.run(process.execPath, ["dist/main.js", stage])).code).not.toBe(0);
  });

  it("a check of our own is only in the bundle for the JSON file", async () => {
    const code = await readFile(join(app.root, "dist/main.js"), "utf8");
    expect(code.match(/makeOutput\(/g)?.length).toBeLessThanOrEqual(2);
  });

  it("a schema that changes is news to the type checker, in its own file and in JSON", async () => {
    const edit = async (file: string, from: string, to: string) => {
      const text = await readFile(join(app.root, file), "utf8");
      await replaceFile(join(app.root, file), text.replaceAll(from, to));
    };
    await edit("src/weighed.ts", '"severe", "high"', '"grave", "high"');
    await edit("src/read.json", '"policy"', '"contract"');
    await app.succeedBin("scope-gen types");
    const { code, stdout } = await app.bin("tsc -p . --pretty false");
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/src\/main\.ts.*'policy' does not exist/);
    expect(stdout).toMatch(/src\/main\.ts.*'"severe"'/);
    // What the platform has is compared as before.
    await app.succeedBin("scope-gen check");
  });
});

describe("an answer by zod, with traces", { timeout: 200_000 }, () => {
  let app: Application;
  let platform: DevPlatform;
  beforeAll(async () => {
    platform = await DevPlatform.start();
    await platform.save("triage", "Sort this ticket: {{ticket}}");
    app = await Application.install("traced");
    app.env = { ...platform.env, ...models.env };
    await build(app);
  }, 900_000);
  afterAll(async () => {
    await platform?.close();
    await app?.remove();
  }, 60_000);

  it("is typed, checked, and on the span with the tokens", async () => {
    models.answer = '{ "team": "billing", "summary": "Paid twice." }';
    const { answer, spans } = await run(app);
    expect(answer).toEqual(JSON.parse(models.answer));
    const counted = spans.filter((span: object) => "gen_ai.usage.input_tokens" in span);
    expect(counted.length).toBeGreaterThan(0);
    for (const span of counted)
      expect(span).toMatchObject({ "scope.prompt.name": "triage", "gen_ai.prompt.version": "1" });
  });

  it("has under forty lines of its own", async () => {
    const fixture = join(ROOT, "fixtures/frameworks/traced");
    const names = (await readdir(join(fixture, "src"))).map((name) => join("src", name));
    const files = ["scope.config.ts", "vite.config.js", ...names];
    const texts = await Promise.all(files.map((file) => readFile(join(fixture, file), "utf8")));
    expect(texts.join("").trim().split("\n").length).toBeLessThan(40);
  });
});
