import { partialTags } from "../compiler/1-parse/read-tags.ts";
import type { CompiledPrompt, PromptSource } from "../compiler/compiled-prompt.ts";
import { ResourceError } from "../errors/classes.ts";
import type { ErrorCode } from "../errors/codes.ts";
import {
  type Diagnostic,
  messageText,
  type Span,
  type VersionSource,
  whereOf,
} from "../errors/diagnostic.ts";
import { formatError } from "../errors/format-error.ts";
import { isScopeError, ScopeError } from "../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../prompt.ts";
import { type ResolvedImport, resolveSpecifier } from "./config/specifier.ts";
import type { ResolvedOptions } from "./config/types.ts";
import { loadSnapshot } from "./snapshot/store.ts";
import { snapshotMissing } from "./versions/version-errors.ts";

/** Returns the version of a prompt and pin; undefined if there is none. */
export type FindVersion = (ref: PromptRef) => Promise<PromptVersionData | undefined>;

/**
 * Compiles what one `scope:` import asks for, with the prompts that its partials name.
 *
 * @throws ResourceError `snapshot_missing` for a version that `find` doesn't have, and for a template that doesn't
 * compile; what `find` throws
 */
export async function compileRequest(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
): Promise<CompiledPrompt> {
  // A build whose modules are all cached doesn't need a compiler.
  const { compilePrompt } = await import("../compiler/compile-prompt.ts");
  const source = await sourceOf(request, await versionOf(request.ref, find), options, find);
  return compilePrompt(source);
}

/** The text inside its tag, what that asks for, and its first tag. */
interface Partial {
  readonly name: string;
  readonly request: ResolvedImport;
  readonly span: Span;
}

/**
 * The prompts that `{{> name}}` tags of a version ask for, each once.
 *
 * @throws ResourceError `template_partial_missing` for an invalid name
 */
export function resolvePartials(
  request: ResolvedImport,
  version: PromptVersionData,
  options: ResolvedOptions,
): readonly Partial[] {
  if (request.syntax !== "mustache") return [];
  const { content } = version;
  const isText = typeof content === "string";
  const texts = isText ? [content] : content.map((message) => message.content);
  const partials = new Map<string, Partial>();
  for (const [i, text] of texts.entries()) {
    for (const { value: name, index, length } of partialTags(text)) {
      if (partials.has(name)) continue;
      const span = { text, message: isText ? undefined : i, index, length };
      const named = resolvePartial(name, options, { ref: request.ref, version }, span);
      // A partial is mustache whatever its own entry says: it's part of this template.
      const own = { ...named, syntax: request.syntax, escape: request.escape };
      partials.set(name, { name, span, request: own });
    }
  }
  return [...partials.values()];
}

function resolvePartial(
  name: string,
  options: ResolvedOptions,
  host: VersionSource,
  span: Span,
): ResolvedImport {
  try {
    return resolveSpecifier(`scope:${name}`, options);
  } catch (error) {
    if (!isScopeError(error)) throw error;
    throw new ResourceError(
      `The partial "${name}"${messageText(host, span)} has no valid name. ${error.message}`,
      {
        code: "template_partial_missing",
        where: whereOf(host, span),
        hint: error.hint ?? "A partial is named as in an import, without the scope:.",
        cause: error,
      },
    );
  }
}

/** That a prompt is neither committed nor on the platform, reported at the tag that names it; any other error unchanged. */
function ofPartial(error: unknown, { name, request, span }: Partial, host: VersionSource): unknown {
  if (!isScopeError(error)) return error;
  if (error.code === "snapshot_missing")
    return new ResourceError(
      `This prompt includes "${refText(request.ref)}"${messageText(host, span)}, which isn't in the committed snapshot.`,
      { code: error.code, where: whereOf(host, span), hint: error.hint },
    );
  const isGone = error.code === "prompt_not_found";
  if (!isGone && error.code !== "no_production_version") return error;
  const what = isGone ? "There's no prompt for" : "No version is labelled production of";
  return new ResourceError(`${what} the partial ${name}${messageText(host, span)}.`, {
    code: "template_partial_missing",
    where: whereOf(host, span),
    hint: isGone
      ? `A partial is named as in an import, without the scope:. Looked for: ${refText(request.ref)}.`
      : error.hint,
    cause: error,
  });
}

async function versionOf(ref: PromptRef, find: FindVersion): Promise<PromptVersionData> {
  const version = await find(ref);
  if (version === undefined) throw snapshotMissing(ref);
  return version;
}

async function sourceOf(
  request: ResolvedImport,
  version: PromptVersionData,
  options: ResolvedOptions,
  find: FindVersion,
  seen = new Map<string, PromptSource>(),
): Promise<PromptSource> {
  const partials = new Map<string, PromptSource>();
  const { ref, syntax, variables, provides } = request;
  const source = {
    ...{ ref, version, syntax, variables, provides, partials },
    metadataRule: request.metadata,
    escape: request.escape,
    roles: options.roles,
    environment: options.connection.environment,
  };
  // Before the partials: a partial can name this prompt again.
  seen.set(refKey(ref), source);
  for (const partial of resolvePartials(request, version, options)) {
    const asked = partial.request;
    let included = seen.get(refKey(asked.ref));
    if (included === undefined) {
      const found = await versionOf(asked.ref, find).catch((error) => {
        throw ofPartial(error, partial, source);
      });
      included = await sourceOf(asked, found, options, find, seen);
    }
    partials.set(partial.name, included);
  }
  return source;
}

/** What a source is made from: itself first, then its partials, each prompt and pin once. */
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

/** A diagnostic as printed: in the shape of an error. */
export function diagnosticText({ message, code, where, hint }: Diagnostic): string {
  return formatError(new ScopeError(message, { code, where, hint }), { addresses: false });
}

/**
 * What `find` returns for a request, compiled, or why it can't be.
 *
 * @param code of the errors that are returned; others are thrown. Default: all are returned
 */
export async function compileOrError(
  request: ResolvedImport,
  options: ResolvedOptions,
  find: FindVersion,
  code?: ErrorCode,
): Promise<CompiledPrompt | ScopeError> {
  try {
    return await compileRequest(request, options, find);
  } catch (error) {
    if (isScopeError(error, code)) return error;
    throw error;
  }
}

/** The committed versions, each read once. */
export function committedVersions(options: ResolvedOptions): FindVersion {
  const read = new Map<string, Promise<PromptVersionData | undefined>>();
  return (ref) => {
    const key = refKey(ref);
    const known = read.get(key) ?? loadSnapshot(options.snapshotDir, ref).then((entry) => entry?.version);
    read.set(key, known);
    return known;
  };
}
