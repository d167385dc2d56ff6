import { compilePrompt } from "../compiler/compile-prompt.ts";
import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { partialTags } from "../compiler/partial-tags.ts";
import type { PromptSource } from "../compiler/prompt-source.ts";
import { type ResolvedImport, resolveSpecifier } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { PromptRef, PromptVersionData } from "../prompt.ts";
import { refKey } from "../prompt.ts";

/** Gives the version to compile for a prompt and pin: a fetched one, or a committed one. */
export type PickVersion = (ref: PromptRef) => Promise<PromptVersionData>;

/** Compiles what one `scope:` import asks for, with the prompts that its partials name. */
export async function compileRequest(
  request: ResolvedImport,
  options: ResolvedOptions,
  pick: PickVersion,
): Promise<CompiledPrompt> {
  return compilePrompt(await sourceOf(request, options, pick, new Map()));
}

/** The prompts that `{{> name}}` tags of a version ask for, by the text inside the tag. */
export function partialRequests(
  request: ResolvedImport,
  version: PromptVersionData,
  options: ResolvedOptions,
): ReadonlyMap<string, ResolvedImport> {
  const requests = new Map<string, ResolvedImport>();
  if (request.syntax !== "mustache") return requests;
  const texts =
    typeof version.content === "string" ? [version.content] : version.content.map((m) => m.content);
  for (const { name } of texts.flatMap(partialTags)) {
    // A partial is mustache whatever its own entry says: it is part of this template.
    const partial = resolveSpecifier(`scope:${name}`, options);
    requests.set(name, { ...partial, syntax: request.syntax, escape: request.escape });
  }
  return requests;
}

async function sourceOf(
  request: ResolvedImport,
  options: ResolvedOptions,
  pick: PickVersion,
  seen: Map<string, PromptSource>,
): Promise<PromptSource> {
  const known = seen.get(refKey(request.ref));
  if (known !== undefined) return known;
  const version = await pick(request.ref);
  const partials = new Map<string, PromptSource>();
  const source: PromptSource = {
    ref: request.ref,
    version,
    syntax: request.syntax,
    escape: request.escape,
    variables: request.variables,
    partials,
  };
  // Before the partials: a partial may name this prompt again.
  seen.set(refKey(request.ref), source);
  for (const [name, partial] of partialRequests(request, version, options)) {
    partials.set(name, await sourceOf(partial, options, pick, seen));
  }
  return source;
}

/** What a source is made of: itself first, then its partials, each prompt and pin once. */
export function sourcesOf(
  source: PromptSource,
  seen = new Map<string, PromptSource>(),
): readonly PromptSource[] {
  const key = refKey(source.ref);
  if (!seen.has(key)) {
    seen.set(key, source);
    for (const partial of source.partials.values()) sourcesOf(partial, seen);
  }
  return [...seen.values()];
}
