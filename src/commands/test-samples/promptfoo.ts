import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { ValidationError } from "../../errors/classes.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { Project } from "../../project/project.ts";
import { type FindVersion, needing } from "../../project/versions/find-version.ts";
import { type Label, type PromptContent, refText } from "../../prompt.ts";
import type { Expectation } from "../../review/expect/sample.ts";
import { type LoadRenderer, RenderThread } from "../render-thread.ts";
import { throwAll } from "../select-imports.ts";
import type { SampleInFile } from "./read-samples.ts";
import { type SampledPrompt, sampledPrompts } from "./sampled-prompts.ts";

export interface PromptfooOptions {
  /** Keys of the config, prompt names or specifiers; empty: every prompt with samples. */
  readonly names: readonly string[];
  /** The label of the version next to the committed one; undefined: only the committed one. */
  readonly label: Label | undefined;
  /** What promptfoo calls a provider: `openai:gpt-5`. `echo` answers with the prompt. */
  readonly provider: string;
}

/** A promptfoo config. */
export interface PromptfooConfig {
  readonly description: string;
  readonly providers: readonly string[];
  /** One for each version: its rendering is a variable of the test. */
  readonly prompts: readonly { readonly id: string; readonly label: string; readonly raw: string }[];
  /** One for each sample. */
  readonly tests: readonly PromptfooTest[];
}

interface PromptfooTest {
  readonly description: string;
  /** Left out: every version. */
  readonly prompts?: readonly string[];
  readonly vars: Readonly<Record<string, string>>;
  readonly assert: readonly { readonly type: string; readonly value: string }[];
}

const COMMITTED = "committed";

/**
 * A config for promptfoo that gives the renderings of each sample to a provider: those of the committed version, and
 * those of a label where they differ. Assertions check the rendering as `scope-gen test` does, and that answers fit the
 * committed version's schema. Calls no model.
 *
 * @throws ValidationError `sample_unrendered`; like `testSamples`
 */
export async function promptfooConfig(
  project: Project,
  { names, label, provider }: PromptfooOptions,
): Promise<PromptfooConfig> {
  const committed = await sampledPrompts(project, names);
  const current = label === undefined ? undefined : await sampledPrompts(project, names, label);
  const tests: PromptfooTest[] = [];
  const errors: unknown[] = [];
  const thread = new RenderThread();
  try {
    for (const prompt of committed.prompts) {
      const own = await renderer(project, prompt, committed.find, thread.load);
      const other = current && (await renderer(project, prompt, current.find, thread.load));
      for (const sample of prompt.samples) {
        try {
          const text = await own.render(sample);
          const otherText = await other?.render(sample);
          const isSame = label === undefined || otherText === undefined || otherText === text;
          tests.push({
            description: withoutTags(`${refText(prompt.request.ref)}: ${sample.name}`),
            ...(label !== undefined && isSame ? { prompts: [COMMITTED] } : {}),
            vars: isSame ? { [COMMITTED]: text } : { [COMMITTED]: text, [label]: otherText },
            assert: [
              ...assertions(sample.read(own.compiled.variables).expectation, own.compiled),
              ...(provider === "echo" ? [] : schemaAssertion(own.compiled)),
            ],
          });
        } catch (error) {
          if (!isScopeError(error, "sample_unrendered")) throw error;
          errors.push(error);
        }
      }
    }
  } finally {
    thread.end();
  }
  throwAll(errors, "samples can't be rendered");
  const marks = marksFor(tests.flatMap(({ vars }) => Object.values(vars)));
  return {
    description: "Samples of prompts, written by scope-gen export promptfoo",
    providers: [provider],
    prompts: [COMMITTED, ...(label === undefined ? [] : [label])].map((id) => ({
      id,
      label: id,
      raw: marks.template(id),
    })),
    tests: tests.map((test) => ({
      ...test,
      vars: Object.fromEntries(Object.entries(test.vars).map(([id, text]) => [id, marks.mark(text)])),
    })),
  };
}

interface Renderer {
  readonly compiled: CompiledPrompt;
  render(sample: SampleInFile): Promise<string>;
}

/** Renders a chat prompt to the JSON that promptfoo reads as messages. */
async function renderer(
  { options }: Project,
  { request, file }: SampledPrompt,
  find: FindVersion,
  load: LoadRenderer,
): Promise<Renderer> {
  const compiled = await compileRequest(request, options, needing(find));
  const render = load(compiled);
  return {
    compiled,
    async render({ name, read }) {
      const { output, problem } = await render(read(compiled.variables).values);
      if (output !== undefined) return textOf(output);
      throw new ValidationError(`The sample "${name}" can't be rendered: ${problem}`, {
        code: "sample_unrendered",
        where: { file, prompt: refText(request.ref), versionNumber: compiled.source.version.versionNumber },
        hint: "See what fails with: scope-gen test",
      });
    },
  };
}

function textOf(output: PromptContent): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** They look at the rendering, not at the answer. */
function assertions(
  { contains, notContains, matches }: Expectation,
  { contract }: CompiledPrompt,
): PromptfooTest["assert"] {
  const rendering =
    contract.type === "text"
      ? "context.prompt"
      : 'JSON.parse(context.prompt).map(({ content }) => content).join("\\n\\n")';
  return [
    ...contains.map((text) => `${rendering}.includes(${literal(text)})`),
    ...notContains.map((text) => `!${rendering}.includes(${literal(text)})`),
    ...matches.map(({ source }) => `new RegExp(${literal(source)}, "u").test(${rendering})`),
  ].map((value) => ({ type: "javascript", value }));
}

/** promptfoo fills in templates in assertions too: there are no braces in the literal. */
function literal(text: string): string {
  return escaped(JSON.stringify(text), /[{}]/g);
}

/** JSON with some characters of its texts as escapes. */
function escaped(json: string, characters: RegExp): string {
  return json.replace(characters, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A title, which nothing has to read. */
function withoutTags(title: string): string {
  return title.replace(TAG_START, "{ ");
}

/** A brace that could begin a template's tag. */
const TAG_START = /\{(?=[{%#])/g;

function schemaAssertion({ output }: CompiledPrompt): PromptfooTest["assert"] {
  if (output === undefined) return [];
  // Its validator refuses the URI of another draft than its own.
  const { $schema: _, ...schema } = output.schema;
  // As text: promptfoo fills in templates and follows references in the objects of its config. It reads this as YAML,
  // which has fewer characters than JSON. With the comment it isn't JSON, which promptfoo would write again without
  // our escapes.
  const json = escaped(JSON.stringify(schema), /\{(?=[{%#])|(?<=[%#])\}|[^ -~]/g);
  return [{ type: "is-json", value: `# JSON Schema\n${json}` }];
}

/**
 * promptfoo fills in templates in variables, several times over, loads files that they name, and removes a line end.
 * Characters that no text has stand for braces that could be a tag's, and for nothing at the start and the end; the
 * prompt's template, which is filled in last, replaces them.
 */
function marksFor(texts: readonly string[]) {
  const unused: string[] = [];
  for (let code = 0x2983; unused.length < 3; code++) {
    const character = String.fromCodePoint(code);
    if (!texts.some((text) => text.includes(character))) unused.push(character);
  }
  const [open = "", close = "", nothing = ""] = unused;
  return {
    mark(text: string): string {
      const marked = text.replace(TAG_START, open).replace(/(?<=[}%#])\}/g, close);
      return /^(?:file|package):|\n$/.test(text) ? `${nothing}${marked}${nothing}` : marked;
    },
    template: (variable: string) =>
      `{{ ${variable} | replace("${open}", "{") | replace("${close}", "}") | replace("${nothing}", "") }}`,
  };
}
