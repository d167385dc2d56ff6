import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError, type ScopeError } from "../../errors/scope-error.ts";
import { compileRequest } from "../../project/compile-request.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import { type ComputedUse, findUses, type ScopeUse } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import { loadSnapshot } from "../../project/snapshot/store.ts";
import { type PromptRef, refKey } from "../../prompt.ts";
import { byNameThenPin, compareText, selectImports } from "../select-imports.ts";
import { findUnused } from "./find-unused.ts";

/** One prompt that a project asks for, as committed. */
export interface ListedPrompt {
  readonly request: ResolvedImport;
  /** Undefined when nothing is committed, or it can't be read. */
  readonly entry: SnapshotEntry | undefined;
  /** In order of first use; undefined if no committed version compiles. */
  readonly variables: readonly string[] | undefined;
  readonly compiled: CompiledPrompt | undefined;
  /** Why the committed version can't be used; undefined when it can, or when there is none. */
  readonly problem: ScopeError | undefined;
  /** Where it's imported; empty when only the config names it. */
  readonly uses: readonly ScopeUse[];
}

/** A prompt that others include, and which. */
export interface ListedInclude extends ListedPrompt {
  readonly includedBy: readonly PromptRef[];
}

export interface PromptList {
  /** By name, then by pin, as a pull lists them; what several keys share, by key. */
  readonly prompts: readonly ListedPrompt[];
  /** Neither imported nor configured: partials of those that are. By name, then by pin. */
  readonly included: readonly ListedInclude[];
  /** Committed, but neither imported nor configured nor part of another prompt. */
  readonly unused: readonly PromptRef[];
  /** Imports whose prompt is only known when the code runs. */
  readonly computed: readonly ComputedUse[];
}

/**
 * What a project imports and configures, read from code, config and snapshot. Makes no request.
 *
 * @throws ScopeErrors (or the one error) for specifiers that can't be read
 */
export async function listPrompts({ options }: Project): Promise<PromptList> {
  const { uses, computed } = await findUses(options);
  const byImport = new Map<string, { request: ResolvedImport; uses: ScopeUse[] }>();
  const imports = selectImports(options, uses);
  for (const item of imports) {
    const known = byImport.get(item.request.specifier);
    if (known) known.uses.push(...item.uses);
    else byImport.set(item.request.specifier, { request: item.request, uses: [...item.uses] });
  }
  const versions = new Map<string, Promise<SnapshotEntry | undefined>>();
  const committed = (ref: PromptRef) => {
    const entry = versions.get(refKey(ref)) ?? loadSnapshot(options.snapshotDir, ref);
    versions.set(refKey(ref), entry);
    return entry;
  };
  const prompts: ListedPrompt[] = [];
  for (const item of byImport.values()) {
    prompts.push({ ...item, ...(await readCommitted(item.request, options, committed)) });
  }
  const { unused, included } = await findUnused(options, imports);
  const partials = included.map(async ({ requests, includedBy, uses }) => {
    const [request] = requests as [ResolvedImport];
    return { request, uses, includedBy, ...(await readCommitted(request, options, committed)) };
  });
  return {
    prompts: prompts.sort(byPromptThenKey),
    included: await Promise.all(partials),
    unused,
    computed,
  };
}

type Committed = Pick<ListedPrompt, "entry" | "variables" | "compiled" | "problem">;

/** What is committed for a request. */
export async function readCommitted(
  request: ResolvedImport,
  options: Project["options"],
  committed: (ref: PromptRef) => Promise<SnapshotEntry | undefined>,
): Promise<Committed> {
  let entry: SnapshotEntry | undefined;
  const nothing = { variables: undefined, compiled: undefined };
  try {
    entry = await committed(request.ref);
    if (entry === undefined) return { entry, ...nothing, problem: undefined };
    const find = async (ref: PromptRef) => (await committed(ref))?.version;
    const compiled = await compileRequest(request, options, find);
    return { entry, variables: compiled.variables, compiled, problem: undefined };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { entry, ...nothing, problem: error };
  }
}

function byPromptThenKey({ request: a }: ListedPrompt, { request: b }: ListedPrompt): number {
  return byNameThenPin(a.ref, b.ref) || compareText(a.specifier, b.specifier);
}
