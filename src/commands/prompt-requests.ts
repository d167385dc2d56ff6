import pMap from "p-map";
import { isScopeError } from "../errors/scope-error.ts";
import { partialsOf } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";

/** Everything that asks for one prompt and pin. */
export interface PromptRequests {
  readonly ref: PromptRef;
  /** They differ only in syntax and narrowed types. */
  readonly requests: readonly ResolvedImport[];
  /** As spelled in the code, and the specifiers of the config's keys; none for a prompt that others include. */
  readonly specifiers: readonly string[];
  readonly uses: readonly ScopeUse[];
  /** The prompts that include it. */
  readonly includedBy: readonly PromptRef[];
  /** The first place in the code that asks for it, directly or through a prompt that includes it. */
  readonly use: ScopeUse | undefined;
}

/** An import, or a request that comes from elsewhere. */
interface Asked {
  readonly request: ResolvedImport;
  readonly specifier?: string;
  readonly uses: readonly ScopeUse[];
  readonly includedBy?: PromptRef;
}

/**
 * Imports by prompt and pin, with the prompts that they include, directly or through others.
 *
 * @param versionsOf the versions of a prompt whose texts are searched for others
 * @param onProblem is given what keeps a text from being searched; without it, other steps report that
 */
export async function promptRequests(
  imports: readonly Asked[],
  options: ResolvedOptions,
  versionsOf: (
    request: ResolvedImport,
    use: ScopeUse | undefined,
  ) => Promise<readonly (PromptVersionData | undefined)[]>,
  onProblem?: (error: unknown) => void,
): Promise<readonly PromptRequests[]> {
  const found = new Map<string, ReturnType<typeof emptyRequests>>();
  const add = async ({ request, specifier, uses, includedBy }: Asked, use = uses[0]): Promise<void> => {
    const prompt = found.get(refKey(request.ref)) ?? emptyRequests(request.ref, use);
    found.set(refKey(request.ref), prompt);
    if (specifier !== undefined) prompt.specifiers.push(specifier);
    prompt.uses.push(...uses);
    if (includedBy !== undefined) prompt.includedBy.set(refKey(includedBy), includedBy);
    const dialect = JSON.stringify([request.syntax, request.variables]);
    if (prompt.requests.some((one) => JSON.stringify([one.syntax, one.variables]) === dialect)) return;
    prompt.requests.push(request);
    try {
      for (const version of await versionsOf(request, use)) {
        if (version === undefined) continue;
        const partials = partialsOf(request, version, options);
        const asked = partials.map(({ request: one }) => ({
          request: one,
          uses: [],
          includedBy: request.ref,
        }));
        await Promise.all(asked.map((one) => add(one, use)));
      }
    } catch (error) {
      if (!isScopeError(error)) throw error;
      onProblem?.(error);
    }
  };
  await pMap(imports, (one) => add(one), { concurrency: options.concurrency });
  return [...found.values()].map((one) => ({ ...one, includedBy: [...one.includedBy.values()] }));
}

function emptyRequests(ref: PromptRef, use: ScopeUse | undefined) {
  return {
    ref,
    use,
    requests: [] as ResolvedImport[],
    specifiers: [] as string[],
    uses: [] as ScopeUse[],
    includedBy: new Map<string, PromptRef>(),
  };
}
