import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { shortPath } from "../../errors/format-error.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compareText, type PromptRef, refKey } from "../../prompt.ts";
import { compileOrError } from "../compile-request.ts";
import type { ResolvedImport } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import type { ComputedUse, ScopeUse } from "../discovery/find-uses.ts";
import type { Project } from "../project.ts";
import type { SnapshotEntry } from "../snapshot/format.ts";
import { countCost, type PromptCost } from "../versions/prompt-cost.ts";
import { type ResolvedPrompts, resolvePrompts } from "../versions/resolve.ts";
import { byNameThenPin, findImports, findUnused } from "../versions/select-imports.ts";
import { errorToJson, notesJson, refJson } from "./json-parts.ts";

/** One prompt that a project asks for, as committed. */
export interface ListedPrompt {
  readonly request: ResolvedImport;
  /** Where it's imported; empty when only the config names it. */
  readonly uses: readonly ScopeUse[];
  /** Undefined when nothing is committed, or it can't be read. */
  readonly entry: SnapshotEntry | undefined;
  readonly compiled: CompiledPrompt | undefined;
  /** Why the committed version can't be used; undefined when it can, or when there is none. */
  readonly problem: ScopeError | undefined;
  /** Undefined if it doesn't compile. */
  readonly cost: PromptCost | undefined;
}

export interface PromptList {
  /** By name, then by pin, as a pull lists them; what several keys share, by key. */
  readonly prompts: readonly ListedPrompt[];
  /** Committed, but neither imported nor configured. */
  readonly unused: readonly PromptRef[];
  /** Imports whose prompt is only known when the code runs. */
  readonly computed: readonly ComputedUse[];
}

/** What a project imports and configures, read from code, config and snapshot. Makes no request. */
export async function listProjectPrompts(project: Project): Promise<PromptList> {
  const { options } = project;
  const found = await findImports(options);
  const { imports, computed } = found;
  const byImport = new Map<string, { request: ResolvedImport; uses: ScopeUse[] }>();
  for (const { request, uses } of imports) {
    const known = byImport.get(request.specifier);
    if (known) known.uses.push(...uses);
    else byImport.set(request.specifier, { request, uses: [...uses] });
  }
  const unused = await findUnused(project, found);
  const resolved = await resolvePrompts(project, imports, { to: "snapshot" });
  const prompts: ListedPrompt[] = [];
  for (const one of byImport.values())
    prompts.push({ ...one, ...(await readCommitted(one.request, options, resolved)) });
  prompts.sort(
    ({ request: a }, { request: b }) => byNameThenPin(a.ref, b.ref) || compareText(a.specifier, b.specifier),
  );
  return { prompts, unused, computed };
}

/** @param resolved the committed side is `to` */
async function readCommitted(
  request: ResolvedImport,
  options: ResolvedOptions,
  { sides, find }: Pick<ResolvedPrompts, "sides" | "find">,
): Promise<Pick<ListedPrompt, "entry" | "compiled" | "problem" | "cost">> {
  const { committed: entry, unreadable } = await sides.to(request.ref);
  const made = entry && (await compileOrError(request, options, find.to));
  const compiled = isScopeError(made) ? undefined : made;
  const problem = unreadable ?? (isScopeError(made) ? made : undefined);
  return { entry, compiled, problem, cost: compiled && (await countCost(compiled)) };
}

export function listJson(
  { prompts, unused, computed }: PromptList,
  notes: ReadonlyMap<string, readonly string[]>,
  cwd: string,
) {
  const place = ({ file, line, column }: Omit<ComputedUse, "text">) => ({
    file: shortPath(file, cwd),
    line,
    column,
  });
  return {
    prompts: prompts.map(({ request, entry, compiled, problem, uses, cost }) => ({
      key: request.key,
      specifier: request.specifier,
      ...refJson(request.ref),
      live: request.live,
      syntax: request.syntax,
      type: entry?.version.type ?? null,
      versionId: entry?.version.id ?? null,
      versionNumber: entry?.version.versionNumber ?? null,
      status: entry?.version.status ?? null,
      environment: entry?.environment ?? null,
      ...notesJson(notes.get(refKey(request.ref)) ?? []),
      variables: compiled?.variables ?? null,
      tokens: cost?.tokens ?? null,
      prefix: cost?.prefix ?? null,
      ...(problem && { problem: errorToJson(problem, cwd) }),
      uses: uses.map((use) => ({ specifier: use.specifier, ...place(use) })),
    })),
    unused: unused.map(refJson),
    computed: computed.map((use) => ({ text: use.text, ...place(use) })),
  };
}
