import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { emitHelper, emitModule, emitOutputHelper, OUTPUT_FILE } from "../../compiler/3-emit/emit-module.ts";
import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { compileRequest } from "../../project/compile-request.ts";
import { type ResolvedImport, resolveSpecifier } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import { PolicySource, type ResolvedVersion } from "../../project/versions/source.ts";
import { type ChatMessage, type PromptRef, refKey } from "../../prompt.ts";
import type { FoundVersion } from "../find-version.ts";

export interface Rendering {
  readonly request: ResolvedImport;
  readonly resolved: ResolvedVersion;
  readonly compiled: CompiledPrompt;
  /** What `render` of the module returns: text, or messages. */
  readonly output: string | readonly ChatMessage[];
}

/**
 * Renders one prompt as an application would: it compiles the version that the fetch policy gives to the module that a
 * build emits, and calls that module's `render`.
 *
 * @param specifier what an import would say
 * @param valuesFor returns the values for what is about to be rendered; if it throws, nothing is rendered
 * @param found the version, if it has already been found and the fetch policy doesn't apply
 * @throws MissingVariableError, and anything that keeps this prompt out of a build
 */
export async function renderPrompt(
  project: Project,
  specifier: string,
  reporter: Reporter,
  valuesFor: (prompt: Omit<Rendering, "output">) => Readonly<Record<string, unknown>>,
  found?: FoundVersion,
): Promise<Rendering> {
  const { options } = project;
  const request = resolveSpecifier(specifier, options);
  const source = new PolicySource(project, reporter);
  const resolved = found === undefined ? await source.get(request.ref) : resolvedOf(request.ref, found);
  const compiled = await compileRequest(request, options, async (ref) =>
    refKey(ref) === refKey(request.ref) ? resolved.version : (await source.get(ref)).version,
  );
  const prompt = { request, resolved, compiled };
  const values = valuesFor(prompt);
  return { ...prompt, output: (await loadModule(compiled)).render(values) };
}

function resolvedOf(ref: PromptRef, { version, environment, source }: FoundVersion): ResolvedVersion {
  const from = source === "platform" ? source : "snapshot";
  return { ref, version, environment, source: from, snapshot: undefined };
}

/** What an application would import. */
interface RenderModule {
  render(values: Readonly<Record<string, unknown>>): Rendering["output"];
}

/** The module that a build emits is written, imported and removed. It stays in the process for good. */
async function loadModule(compiled: CompiledPrompt): Promise<RenderModule> {
  const { url, remove } = await writeRenderModule(renderCode(compiled));
  try {
    return (await import(/* @vite-ignore */ url)) as RenderModule;
  } finally {
    await remove();
  }
}

/** The code of the module that a build emits. */
export function renderCode(compiled: CompiledPrompt): string {
  return emitModule(compiled, { development: false, helper: "./helper.js" });
}

/** Writes the code of a module where it can be imported, until it's removed again. */
export async function writeRenderModule(
  code: string,
): Promise<{ readonly url: string; remove(): Promise<void> }> {
  // A separate folder that only this user can enter: its files are about to be run.
  const folder = await mkdtemp(join(tmpdir(), "scope-render-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "helper.js"), emitHelper({ development: false }));
    await writeFile(join(folder, OUTPUT_FILE), emitOutputHelper());
    const file = join(folder, "prompt.js");
    await writeFile(file, code);
    return { url: pathToFileURL(file).href, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
