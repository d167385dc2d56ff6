import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileOrError } from "../../project/compile-request.ts";
import type { Project } from "../../project/project.ts";
import { RenderThread, renderCode } from "../../project/render-prompt.ts";
import { readSamples, type SampleInFile, samplesFile } from "../../project/snapshot/samples.ts";
import { resolveLabel } from "../../project/versions/resolve.ts";
import { byNameThenPin, findImports, onlyNamed } from "../../project/versions/select-imports.ts";
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

/**
 * Renders every sample with the function that a build would emit, and checks what it expects of the rendering; by name,
 * then pin.
 */
export async function testSamples(
  project: Project,
  { name, label }: { readonly name?: string | undefined; readonly label?: Label | undefined } = {},
): Promise<readonly TestedPrompt[]> {
  const { options } = project;
  const { imports } = await findImports(options);
  const { prompts, find } = await resolveLabel(project, imports, label, "A look at a label");
  const asked = prompts.flatMap(({ requests, specifiers }) =>
    requests.flatMap((request) =>
      [request.specifier, ...specifiers].map((specifier) => ({ request, specifier })),
    ),
  );
  const names = name === undefined ? [] : [name];
  const named = new Set(onlyNamed(asked, names).map(({ request }) => refKey(request.ref)));
  using thread = new RenderThread();
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const tested: TestedPrompt[] = [];
  for (const { ref, requests } of prompts) {
    const [request] = requests;
    if (request === undefined || !named.has(refKey(ref))) continue;
    const inFile = await readSamples(options.snapshotDir, ref.name);
    if (inFile.length === 0) continue;
    const version = await find.to(ref);
    if (version === undefined) throw snapshotMissing(ref);
    const compiled = await compileOrError(request, options, find.to);
    const samples: TestedSample[] = [];
    // If it doesn't compile, every sample fails with the reason.
    for (const one of inFile) samples.push(await testSample(one, compiled, tokenizers, thread));
    tested.push({ ref, version, file: samplesFile(options.snapshotDir, ref.name), samples });
  }
  return tested.sort((a, b) => byNameThenPin(a.ref, b.ref));
}

/** @param thread what's in a prompt or a sample can take forever */
async function testSample(
  { name, read }: SampleInFile,
  compiled: CompiledPrompt | ScopeError,
  tokenizers: Tokenizers,
  thread: RenderThread,
): Promise<TestedSample> {
  const failed = ({ message, hint }: ScopeError) => ({
    name,
    failures: [hint === undefined ? message : `${message} ${hint}`],
    rendering: undefined,
  });
  if (isScopeError(compiled)) return failed(compiled);
  let sample: Sample;
  try {
    sample = read([...compiled.variables, ...compiled.source.provides]);
  } catch (error) {
    if (!isScopeError(error, "sample_invalid")) throw error;
    return failed(error);
  }
  const { values, expectation } = sample;
  const { metadata } = compiled.source.version;
  const code = renderCode(compiled);
  const { output: rendering, problem } = await thread.render(code, values);
  const loadTokenizer = () => tokenizers.forModel(metadata.model);
  const test: TestPattern = (pattern, text) => thread.test(pattern, text);
  const failures =
    rendering === undefined
      ? [problem]
      : [...(await checkRendering(rendering, expectation, loadTokenizer, test))];
  return { name, failures, rendering };
}
