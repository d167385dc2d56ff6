import { compileOutput } from "../../src/answers/compile-output.ts";
import type { Output, OutputType } from "../../src/answers/output-type.ts";
import type { Pattern } from "../../src/answers/parse-pattern.ts";
import { emitHelper, emitModule, emitOutputHelper } from "../../src/compiler/3-emit/emit-module.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt } from "../../src/compiler/compiled-prompt.ts";
import type { OutputError } from "../../src/errors/render-errors.ts";
import type { JsonObject } from "../../src/prompt.ts";
import { promptSource } from "../compiler/prompts.ts";
import { inThread } from "../support/in-thread.ts";

/** The export `output` of a module. */
export interface OutputExport {
  parse(answer: unknown): unknown;
  parsePartial(text: string): unknown;
  readonly "~standard": {
    readonly version: number;
    readonly vendor: string;
    validate(value: unknown): { readonly value?: unknown; readonly issues?: readonly unknown[] };
    readonly jsonSchema: { input(options: { readonly target: string }): Record<string, unknown> };
  };
}

/** A prompt whose metadata holds a schema for answers. */
export async function compileSchema(schema: JsonObject, name = "triage"): Promise<CompiledPrompt> {
  const source = promptSource("Sort {{ticket}}", {
    name,
    metadata: { model: "small-1", output_schema: schema },
  });
  return compilePrompt(source, await compileOutput(source, { metadataKey: "output_schema" }));
}

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** The emitted module, to be imported. */
export function moduleUrl(compiled: CompiledPrompt): string {
  const code = emitModule(compiled, {
    development: false,
    helper: dataUrl(emitHelper({ development: false })),
    outputHelper: dataUrl(emitOutputHelper()),
  });
  return dataUrl(code);
}

/** What modules import of the output helper. */
interface OutputHelper {
  makeOutput(
    schema: JsonObject,
    patterns: unknown,
    ...prompt: readonly [name: string, versionNumber: number, versionId: string]
  ): OutputExport;
  patternsOf(patterns: Readonly<Record<string, Pattern>>): unknown;
}

export const helper: OutputHelper = await import(/* @vite-ignore */ dataUrl(emitOutputHelper()));

/** The helper without a bound, which tells how many steps the last check took. */
export const countingHelper: OutputHelper & { steps(): number } = await import(
  /* @vite-ignore */ dataUrl(
    emitOutputHelper()
      .replace(
        "const MAX_STEPS = 5e6;",
        "const MAX_STEPS = Infinity;\nlet taken;\nexport const steps = () => taken;",
      )
      .replace("walk.steps += count;", "taken = walk.steps += count;"),
  )
);

/** The export `output` of a compiled prompt as a helper makes it, without a module: thousands of these would stay loaded. */
export function outputOf({ output }: CompiledPrompt, { makeOutput, patternsOf } = helper): OutputExport {
  if (output === undefined) throw new Error("It has no schema.");
  return makeOutput(
    output.schema,
    patternsOf(Object.fromEntries(output.patterns)),
    "triage",
    7,
    "version_01",
  );
}

/** Reads answers one after the other, in a thread that ends: the code of the error of each, or "accepted". */
export async function readInThread(
  schema: JsonObject,
  answers: readonly unknown[],
): Promise<readonly string[]> {
  return inThread(
    `const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.url).then(({ output }) => {
      const read = (answer) => {
        try {
          output.parse(answer);
          return "accepted";
        } catch (error) {
          return error.code ?? String(error);
        }
      };
      parentPort.postMessage(workerData.answers.map(read));
    });`,
    { url: moduleUrl(await compileSchema(schema)), answers },
  );
}

/** Runs the emitted module. */
export async function runCompiled(compiled: CompiledPrompt) {
  const module = await import(/* @vite-ignore */ moduleUrl(compiled));
  return module as {
    readonly output: OutputExport;
    readonly outputSchema: JsonObject;
    readonly metadata: JsonObject;
  };
}

/** The export `output` for a schema. */
export async function outputFor(schema: JsonObject): Promise<OutputExport> {
  return (await runCompiled(await compileSchema(schema))).output;
}

/** What `parse` throws. */
export function refusal(output: OutputExport, answer: unknown): OutputError {
  try {
    output.parse(answer);
  } catch (error) {
    return error as OutputError;
  }
  throw new Error("The answer was accepted.");
}

/** Is a value of a type? Written apart from what the product does with types. */
export function isOfType(value: unknown, type: OutputType, output: Output): boolean {
  switch (type.kind) {
    case "unknown":
      return true;
    case "never":
      return false;
    case "literal":
      return value === type.value;
    case "null":
      return value === null;
    case "string":
    case "number":
    case "boolean":
      return typeof value === type.kind;
    case "named":
      return isOfType(value, output.named.get(type.name) as OutputType, output);
    case "any-of":
      return type.types.some((one) => isOfType(value, one, output));
    case "array":
      return Array.isArray(value) && value.every((item) => isOfType(item, type.items, output));
    case "tuple":
      return (
        Array.isArray(value) &&
        value.length >= type.required &&
        value.every((item, at) => isOfType(item, type.items[at] ?? type.rest, output))
      );
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const names = new Set(type.fields.map(({ name }) => name));
      const areFields = type.fields.every(({ name, type: field, optional }) =>
        Object.hasOwn(value, name) ? isOfType((value as JsonObject)[name], field, output) : optional,
      );
      const others = Object.entries(value).filter(([name]) => !names.has(name));
      return areFields && others.every(([, item]) => isOfType(item, type.rest, output));
    }
  }
}
