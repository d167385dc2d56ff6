import { emitHelper, emitModule } from "../../src/compiler/3-emit/emit-module.ts";
import { compilePrompt } from "../../src/compiler/compile-prompt.ts";
import type { CompiledPrompt, PromptSource } from "../../src/compiler/compiled-prompt.ts";
import { ResourceError } from "../../src/errors/classes.ts";
import { DEFAULT_ROLES, type JsonObject, type PromptContent } from "../../src/prompt.ts";

export interface TestPrompt extends Partial<Omit<PromptSource, "version">> {
  readonly name?: string;
  readonly metadata?: JsonObject;
  readonly declared?: readonly string[] | null;
}

/** A prompt source with everything but the content at hand. */
export function promptSource(content: PromptContent, options: TestPrompt = {}): PromptSource {
  const { name = "greeting", metadata = {}, declared = null, ...rest } = options;
  return {
    ref: { name, pin: { kind: "label", label: "production" } },
    version: {
      id: "version_01",
      promptId: "prompt_01",
      versionNumber: 7,
      type: typeof content === "string" ? "text" : "chat",
      status: "published",
      isProduction: true,
      content,
      declaredVariables: declared,
      metadata,
      createdAt: "",
      updatedAt: "",
    },
    syntax: "scope",
    roles: DEFAULT_ROLES,
    variables: {},
    provides: [],
    environment: "production",
    ...rest,
  };
}

export function compile(content: PromptContent, options?: TestPrompt): CompiledPrompt {
  return compilePrompt(promptSource(content, options));
}

/** Why a prompt doesn't compile. */
export function refusalOf(source: PromptSource): ResourceError {
  try {
    compilePrompt(source);
  } catch (error) {
    if (error instanceof ResourceError) return error;
    throw error;
  }
  throw new Error("It compiled.");
}

/** An emitted module's exports. */
export interface PromptModule {
  readonly default: (values?: unknown) => unknown;
  readonly render: (values?: unknown) => unknown;
  readonly getMetadata: (key: string, fallback?: unknown) => unknown;
  readonly [name: string]: unknown;
}

/** Runs emitted code as the module that it is. */
export async function runModule(
  compiled: CompiledPrompt,
  { development = false }: { development?: boolean } = {},
): Promise<PromptModule> {
  // Each helper is a module of its own, so that no test sees what another was warned of.
  const helper = `data:text/javascript,${encodeURIComponent(`${emitHelper({ development })}//${Math.random()}`)}`;
  const code = emitModule(compiled, { development, helper });
  return (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  )) as PromptModule;
}

/** Text that hurts where code is made of text. */
export const HOSTILE_TEXTS: readonly string[] = [
  "`${name}` \\` \\\\ \\n \\u0041 $` $$ ${'x'}",
  "</script><!-- --> */ /* \"quotes\" 'single'",
  "</SCRIPT ><script>//# sourceMappingURL=data:x\n/*# sourceMappingURL=x */",
  "line\r\nline\rline\nline\u2028line\u2029line\u0085",
  "\0\x01\x07\x1b[31m\x7f\x9f\ufeff",
  "\ud800 lone \udc00 reversed \udc00\ud800 pair \ud83d\ude00",
  "{{name}}{{ name }}{{user.name}}{{a-b}}{{}}{{{name}}}{{#x}}",
  "😀 名前 e\u0301 \u202e",
  "ends in a backslash \\",
  "ends in a dollar $",
  "",
];
