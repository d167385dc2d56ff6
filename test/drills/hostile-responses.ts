// Everything that is made of a prompt is looked at: modules are run where they can reach nothing, types are parsed.
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isScopeError, PromptVersion, ScopeClient, versionData } from "../../src/client/index.ts";
import {
  emitHelper,
  emitHotModule,
  emitLiveModule,
  emitModule,
} from "../../src/compiler/3-emit/emit-module.ts";
import { emitTypes } from "../../src/compiler/3-emit/types/emit-types.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt, PromptSource } from "../../src/compiler/compiled-prompt.ts";
import { formatError } from "../../src/errors/format-error.ts";
import { body, headers, status } from "../client/api/hostile-bodies.ts";
import { CREDENTIALS } from "../client/client-setup.ts";
import { startFaultyPlatform } from "../client/faulty-platform.ts";
import { promptSource } from "../compiler/prompts.ts";
import { type HostilePrompt, hostilePrompt } from "./hostile-prompts.ts";
import { hostileSizes } from "./hostile-sizes.ts";
import { type DrillSize, recordDrill } from "./report.ts";
import { Sandbox } from "./sandbox.ts";

/** The same generated input in every run. */
const SEED = 20_260;
/** At once: what is made of one is in the sandbox while the next is compiled. */
const BATCH = 50;

const COUNTS = {
  short: { prompts: 300, answers: 500, sizes: [60_000, 120_000, 240_000] },
  long: { prompts: 30_000, answers: 20_000, sizes: [30_000, 60_000, 120_000, 240_000] },
};
/** Twice the text may take this power of two as much: 1 is linear, 2 quadratic. */
const MAX_EXPONENT = 1.4;
const MAX_MB = 500;

export function drillHostileResponses(size: DrillSize): void {
  const { prompts, answers, sizes } = COUNTS[size];
  const timeout = 1_200_000;
  describe("no text of a prompt is ever code", () => {
    it("of generated prompts", { timeout }, async () => {
      const { compiled, refused } = await hostilePrompts(prompts);
      expect(compiled).toBeGreaterThan(refused);
      recordDrill(
        "hostile responses",
        `${prompts} generated prompts: ${compiled} compiled, run in a context without globals and their types parsed, ${refused} refused with an error of ours, 0 ran as code`,
      );
    });

    it("of generated answers", { timeout }, async () => {
      const { compiled, refused } = await hostileResponses(answers);
      expect(compiled).toBeGreaterThan(0);
      recordDrill(
        "hostile responses",
        `${answers} generated answers over HTTP: ${compiled} accepted, compiled and run so, ${refused} refused`,
      );
    });
  });

  it("twice the text takes twice the time and memory", { timeout }, async () => {
    const { cpu, peakMb, cpuExponent } = await hostileSizes(sizes);
    expect(cpuExponent).toBeLessThan(MAX_EXPONENT);
    expect(Math.max(...peakMb)).toBeLessThan(MAX_MB);
    recordDrill(
      "hostile responses",
      `\`pull\` of hostile prompts of ${sizes.map((one) => one / 1000).join(", ")} KB each: CPU ${cpu.map((one) => one.toFixed(1)).join(", ")} s (exponent ${cpuExponent.toFixed(2)}), peak ${peakMb.map(Math.round).join(", ")} MB`,
    );
  });
}

/** Prompts as the compiler is given them. */
async function hostilePrompts(count: number) {
  await using sandbox = new Sandbox();
  const run = { compiled: 0, refused: 0 };
  for await (const prompts of sampled(hostilePrompt, count)) {
    await Promise.all(
      prompts.map(async (prompt) => {
        const isCompiled = await inspect(sourceOf(prompt), sandbox, prompt.development);
        run[isCompiled ? "compiled" : "refused"] += 1;
      }),
    );
  }
  return run;
}

/** Answers as a server sends them, to a client over HTTP; what the client accepts is compiled and looked at. */
async function hostileResponses(count: number) {
  await using sandbox = new Sandbox();
  const platform = await startFaultyPlatform();
  const client = new ScopeClient(
    {
      credentials: CREDENTIALS,
      baseUrl: platform.url,
      authApiUrl: platform.url,
      timeout: 5,
      maxRetries: 0,
      cacheEnabled: false,
    },
    { warn: () => {} },
  );
  const run = { compiled: 0, refused: 0 };
  try {
    for await (const answers of sampled(fc.tuple(status, headers, body), count)) {
      platform.prompt = (response, { path }) => {
        const index = Number(/answer-(\d+)/.exec(path)?.[1]);
        const [code, fields, bytes] = answers[index] as (typeof answers)[number];
        for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
        response.writeHead(code).end(bytes);
      };
      await Promise.all(
        answers.map(async (_, i) => {
          const prompt = await accepted(client.getPromptVersion(`answer-${i}`));
          const isCompiled =
            prompt !== undefined &&
            (await inspect({ ...promptSource(""), version: versionData(prompt) }, sandbox, false));
          run[isCompiled ? "compiled" : "refused"] += 1;
        }),
      );
    }
  } finally {
    await client.close();
    await platform.close();
  }
  return run;
}

/** Generated values, a few at a time: all of them together would be what fills the memory. */
async function* sampled<T>(arbitrary: fc.Arbitrary<T>, count: number): AsyncGenerator<T[]> {
  for (let made = 0; made < count; made += BATCH)
    yield fc.sample(arbitrary, { numRuns: Math.min(BATCH, count - made), seed: SEED + made });
}

async function accepted(call: Promise<PromptVersion>): Promise<PromptVersion | undefined> {
  try {
    return await call;
  } catch (error) {
    expectOurs(error);
    return undefined;
  }
}

function sourceOf(prompt: HostilePrompt): PromptSource {
  const { name, content, metadata, syntax, declared } = prompt;
  return promptSource(content, { name, metadata, syntax, declared });
}

/** @returns whether it compiled; if not, with an error of ours */
async function inspect(source: PromptSource, sandbox: Sandbox, development: boolean): Promise<boolean> {
  let compiled: CompiledPrompt;
  try {
    compiled = compilePrompt(source);
  } catch (error) {
    expectOurs(error);
    return false;
  }
  const { content, metadata } = source.version;
  const values = Object.fromEntries(
    compiled.variables.map((name, i) => [name, i % 2 === 0 ? "${pwned()}`{{a}}" : "</script>"]),
  );
  const code = emitModule(compiled, { development, helper: "./helper.js" });
  const result = await sandbox.run({ code, helper: emitHelper({ development }), values });
  expect(result, code).toMatchObject({ isTouched: false });
  expect(result.error, code).toBeUndefined();
  expect(result.content).toEqual(jsonOf(content));
  expect(result.metadata).toEqual(jsonOf(metadata));
  if (source.syntax === "scope")
    expect(result.rendered, code).toEqual(
      jsonOf(new PromptVersion(source.ref, source.version).render(values)),
    );
  else if (result.thrown !== undefined) expect(result.thrown, code).toBe("variable_missing");
  expectNoMarkup(code);

  expectParsed("hot.js", hotCode(compiled));
  const files = { helper: "./helper.js", client: "./live.js", config: "./config.js" };
  expectParsed("live.js", emitLiveModule(compiled, { development, ...files }));
  const types = emitTypes([{ specifier: "scope:x", compiled, snapshotFile: "x.json" }], {
    dtsFile: "scope.d.ts",
  });
  const { statements } = expectParsed("scope.d.ts", types.code);
  // One block, so that no text has ended it.
  const [block, ...more] = statements;
  expect(more, types.code).toEqual([]);
  if (block === undefined || !ts.isModuleDeclaration(block) || block.body === undefined)
    throw new Error(types.code);
  expect(ts.isModuleBlock(block.body) && block.body.statements.length, types.code).toBeGreaterThan(0);
  JSON.parse(types.map);
  return true;
}

function hotCode(compiled: CompiledPrompt): string {
  return emitHotModule(compiled, { helper: "./helper.js" });
}

function expectParsed(file: string, text: string): ts.SourceFile {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = source as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  expect(
    parseDiagnostics.map(({ messageText }) => messageText),
    text,
  ).toEqual([]);
  return source;
}

/** Code may stand inside a script element, and its last line be taken for a comment on where its map is. */
function expectNoMarkup(code: string): void {
  expect(code).not.toMatch(/<\/script|<!--|[#@] sourceMappingURL=/i);
}

function expectOurs(error: unknown): void {
  if (!isScopeError(error)) throw new Error("An error that isn't one of ours.", { cause: error });
  expect(formatError(error)).not.toContain("\x1b");
}

/** As it comes out of the sandbox, which speaks JSON. */
function jsonOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
