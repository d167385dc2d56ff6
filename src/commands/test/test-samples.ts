import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { samplesFile } from "../../project/snapshot/samples.ts";
import { committedVersions, type FindVersion } from "../../project/versions/find-version.ts";
import { snapshotMissing } from "../../project/versions/version-errors.ts";
import {
  type Label,
  type PromptContent,
  type PromptRef,
  type PromptVersionData,
  refKey,
} from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import { checkRendering, type Sample, type TestPattern } from "../../review/expect/sample.ts";
import { labelledVersions } from "../fetch-versions.ts";
import { promptRequests } from "../prompt-requests.ts";
import { renderCode } from "../render/render-prompt.ts";
import { RenderThread } from "../render/render-thread.ts";
import { byNameThenPin, onlyNamed, selectImports } from "../select-imports.ts";
import { readSamples, type SampleInFile } from "./read-samples.ts";

/** A prompt, and what became of its samples. */
export interface TestedPrompt {
  readonly ref: PromptRef;
  readonly version: PromptVersionData;
  /** Absolute path of the file with its samples. */
  readonly file: string;
  readonly samples: readonly TestedSample[];
}

export interface TestedSample {
  readonly name: string;
  /** What isn't as expected, one sentence each. None: the sample passes. */
  readonly failures: readonly string[];
  /** Undefined: it can't be rendered. */
  readonly rendering: PromptContent | undefined;
}

export interface TestOptions {
  /** A key of the config, a prompt name or a specifier; undefined: every prompt. */
  readonly name?: string | undefined;
  /** Tests the version that the platform has under this label. Default: what's committed. */
  readonly label?: Label | undefined;
}

/**
 * Renders every sample with the function that a build would emit, and checks what the sample expects: of the rendering,
 * and of the prompt's schema for answers. A sample that expects nothing has to render.
 *
 * @returns prompts with samples, by name, then pin
 * @throws ConfigurationError `name_unknown`, and without a way to ask for a label `fetch_never` or
 * `build_credentials_needed`; ResourceError `snapshot_missing`; ValidationError `samples_damaged`; the client's errors
 */
export async function testSamples(
  project: Project,
  { name, label }: TestOptions = {},
): Promise<readonly TestedPrompt[]> {
  const { prompts, find } = await sampledPrompts(project, name, label);
  const tokenizers = new Tokenizers(project.options.tokens.encoding);
  const thread = new RenderThread();
  const tested: TestedPrompt[] = [];
  try {
    for (const prompt of prompts) {
      const { request, version, file } = prompt;
      const test = await tester(prompt, { tokenizers, thread }, () =>
        compileRequest(request, project.options, find),
      );
      const samples: TestedSample[] = [];
      for (const sample of prompt.samples) samples.push({ name: sample.name, ...(await test(sample)) });
      tested.push({ ref: request.ref, version, file, samples });
    }
  } finally {
    thread.end();
  }
  return tested;
}

/** A prompt with samples. */
interface SampledPrompt {
  readonly request: ResolvedImport;
  readonly version: PromptVersionData;
  readonly file: string;
  /** At least one. */
  readonly samples: readonly SampleInFile[];
}

/** The prompts with samples that a project imports, configures or includes in others, and what finds their versions. */
async function sampledPrompts(
  project: Project,
  name: string | undefined,
  label: Label | undefined,
): Promise<{ readonly prompts: readonly SampledPrompt[]; readonly find: FindVersion }> {
  const { options } = project;
  const { uses } = await findUses(options);
  const imports = selectImports(options, uses);
  const find =
    label === undefined
      ? committedVersions(options)
      : await labelledVersions(project, imports, label, "A look at a label");
  const requests = await promptRequests(imports, options, async ({ ref }) => [await find(ref)]);
  const asked = requests.flatMap((one) =>
    one.requests.flatMap((request) =>
      [request.specifier, ...one.specifiers].map((specifier) => ({ request, specifier })),
    ),
  );
  const names = name === undefined ? [] : [name];
  const named = new Set(onlyNamed(asked, names).map(({ request }) => refKey(request.ref)));
  const prompts: SampledPrompt[] = [];
  for (const {
    ref,
    requests: [request],
  } of requests) {
    if (request === undefined || !named.has(refKey(ref))) continue;
    const samples = await readSamples(options.snapshotDir, ref.name);
    if (samples.length === 0) continue;
    const version = await find(ref);
    if (version === undefined) throw snapshotMissing(ref);
    prompts.push({ request, version, file: samplesFile(options.snapshotDir, ref.name), samples });
  }
  return { prompts: prompts.sort((a, b) => byNameThenPin(a.request.ref, b.request.ref)), find };
}

type Outcome = Omit<TestedSample, "name">;

interface Tools {
  readonly tokenizers: Tokenizers;
  /** What's in a prompt or a sample can take forever. */
  readonly thread: RenderThread;
}

/** Returns what tests one sample of a prompt. If the prompt doesn't compile, every sample fails with the reason. */
async function tester(
  { version }: SampledPrompt,
  tools: Tools,
  compile: () => Promise<CompiledPrompt>,
): Promise<(sample: SampledPrompt["samples"][number]) => Promise<Outcome>> {
  try {
    const compiled = await compile();
    const code = renderCode(compiled);
    return async ({ read }) => {
      try {
        return await testOne(read(compiled.variables), { ...compiled, code }, version, tools);
      } catch (error) {
        if (isScopeError(error, "sample_invalid")) return failed(error);
        throw error;
      }
    };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return async () => failed(error);
  }
}

function failed({ message, hint }: ScopeError): Outcome {
  return { failures: [hint === undefined ? message : `${message} ${hint}`], rendering: undefined };
}

async function testOne(
  { values, expectation, answers }: Sample,
  { code, output }: Pick<CompiledPrompt, "output"> & { readonly code: string },
  { versionNumber, metadata }: PromptVersionData,
  { tokenizers, thread }: Tools,
): Promise<Outcome> {
  const { output: rendering, problem } = await thread.render(code, values);
  // A tokenizer is large: it's loaded when there are tokens to count.
  const tokenizer =
    expectation.maxTokens === undefined ? NO_TOKENIZER : await tokenizers.forModel(metadata.model);
  const test: TestPattern = (pattern, text) => thread.test(pattern, text);
  const failures =
    rendering === undefined
      ? [problem]
      : [...(await checkRendering(rendering, expectation, tokenizer, test))];
  if (answers.length > 0 && output === undefined)
    failures.push(`has example answers, and version ${versionNumber} has no schema for answers`);
  else
    for (const [index, { isAccepted, answer }] of answers.entries()) {
      const refusal = await thread.refusal(code, answer);
      if (isAccepted && refusal !== undefined) failures.push(`answers[${index}] isn't accepted: ${refusal}`);
      if (!isAccepted && refusal === undefined) failures.push(`answers[${index}] isn't refused`);
    }
  return { failures, rendering };
}

const NO_TOKENIZER = { encoding: undefined, count: () => 0 };
