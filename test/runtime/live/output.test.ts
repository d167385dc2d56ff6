import { expect, it } from "vitest";
import { compileOutput } from "../../../src/answers/compile-output.ts";
import { compilePrompt } from "../../../src/compiler/compile-prompt.ts";
import { liveOutput } from "../../../src/runtime/live/live-output.ts";
import { promptSource } from "../../compiler/prompts.ts";
import { liveBuild, loadLiveModule } from "./emitted-live-module.ts";
import { greetings, serve, time, useSimulatedTime } from "./live-server.ts";

useSimulatedTime();
const ADA = { name: "Ada" };

it("attributes move with the version, those of current() stay the same", async () => {
  const { platform, prompt } = serve();
  const before = prompt.current();
  const compiled = {
    "gen_ai.prompt.name": "greeting",
    "gen_ai.prompt.version": "1",
    "scope.prompt.name": "greeting",
    "scope.prompt.version": 1,
    "scope.prompt.label": "production",
    "scope.prompt.environment": "production",
  };
  expect(before.attributes).toMatchObject(compiled);
  expect(Object.isFrozen(before.attributes)).toBe(true);
  platform.labelled = greetings.reworded;
  prompt.render(ADA);
  await time.advance(1000);
  const { attributes, versionId } = prompt.current();
  expect(attributes).toEqual({
    ...before.attributes,
    "scope.prompt.id": prompt.promptId,
    "scope.prompt.version_id": versionId,
    "gen_ai.prompt.version": "2",
    "scope.prompt.version": 2,
  });
  expect(Object.isFrozen(attributes)).toBe(true);
  expect(prompt.attributes).toBe(attributes);
  expect(before.attributes).toMatchObject(compiled);
});

it("answers are checked by the build's schema, whatever version is adopted", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const source = promptSource("Hello", { name: "answers", metadata: { output_schema: schema } });
  const compiled = compilePrompt(source, await compileOutput(source, { metadataKey: "output_schema" }));
  const module = loadLiveModule(compiled, liveBuild) as unknown as {
    readonly output: { parse(answer: unknown): unknown };
    readonly outputSchema: unknown;
    readonly metadata: unknown;
  };
  expect(module.output.parse('{"a":"x"}')).toEqual({ a: "x" });
  expect(() => module.output.parse('{"a":1}')).toThrow("$.a must be string");
  expect(module.outputSchema).toEqual(schema);
  expect(module.metadata).toEqual({ output_schema: schema });
});

it("a version whose schema a build refuses isn't adopted", () => {
  const version = (pattern: string) => ({
    content: "Hello",
    metadata: { output_schema: { type: "string", pattern } },
  });
  const changes = (pattern: string) =>
    liveOutput("output_schema")(() => [], version("^a$"), version(pattern));
  expect(changes("^(?:a{1,9}){1,9}$")).toEqual([]);
  expect(changes("^(?=a)\u001b")).toEqual([
    `its schema for answers can't be used: the pattern "^(?=a)\\u001b" looks ahead or behind`,
  ]);
  expect(changes("(")).toEqual([
    `its schema for answers can't be used: the pattern "(" isn't a regular expression`,
  ]);
});
