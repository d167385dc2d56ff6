import pMap from "p-map";
import { ConfigurationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { isScopeError, locate } from "../errors/scope-error.ts";
import { throwAll } from "../errors/scope-errors.ts";
import { resolvePartials } from "../project/compile-request.ts";
import { type ResolvedImport, resolveSpecifier, SCHEME } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { findUses, type ProjectUses, type ScopeUse } from "../project/discovery/find-uses.ts";
import { keySpecifier } from "../project/types/types-file.ts";
import { type PromptRef, type PromptVersionData, pinText, refKey } from "../prompt.ts";

/** An import that the project asks for, and where in the code; without a place if only the config has the key. */
export interface SelectedImport {
  /** As spelled in the code, or the key's own specifier. */
  readonly specifier: string;
  readonly request: ResolvedImport;
  readonly uses: readonly ScopeUse[];
}

/**
 * What is in the code, and what the project imports: the keys of the config and the specifiers in the code. `onErrors`
 * is given why some can't be read; by default that is thrown. Throws as {@link findUses}.
 */
export async function findImports(
  options: ResolvedOptions,
  onErrors = (errors: readonly unknown[]) => throwAll(errors, "specifiers can't be read"),
): Promise<ProjectUses & { readonly imports: readonly SelectedImport[] }> {
  const found = await findUses(options);
  const places = new Map<string, ScopeUse[]>();
  for (const key of options.prompts.keys()) places.set(keySpecifier(key), []);
  for (const use of found.uses) {
    const known = places.get(use.specifier);
    if (known) known.push(use);
    else places.set(use.specifier, [use]);
  }
  const errors: unknown[] = [];
  const imports: SelectedImport[] = [];
  for (const [specifier, specifierUses] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      imports.push({ specifier, request: resolveSpecifier(specifier, options), uses: specifierUses });
    } catch (error) {
      const [use] = specifierUses;
      errors.push(
        use && isScopeError(error)
          ? locate(error, { file: use.file, line: use.line, column: use.column })
          : error,
      );
    }
  }
  onErrors(errors);
  return { ...found, imports };
}

/**
 * The imports that names mean: keys, prompt names, or specifiers with or without `scope:`. Without names, all of them.
 */
export function onlyNamed<Import extends Pick<SelectedImport, "specifier" | "request">>(
  imports: readonly Import[],
  names: readonly string[],
): readonly Import[] {
  if (names.length === 0) return imports;
  const chosen = new Set<Import>();
  const errors: unknown[] = [];
  const known = imports.flatMap(({ request }) => [request.key, request.ref.name]);
  for (const name of names) {
    const matches = imports.filter(({ specifier, request }) =>
      [specifier, specifier.replace(SCHEME, ""), request.key, request.ref.name].includes(name),
    );
    if (matches.length === 0) errors.push(unknownName(name, known));
    for (const match of matches) chosen.add(match);
  }
  throwAll(errors, "names are unknown here");
  return [...chosen];
}

/** One import per prompt and pin: several spellings and syntaxes share what is fetched. */
export function distinctRefs(imports: readonly SelectedImport[]): readonly SelectedImport[] {
  return [...new Map(imports.map((item) => [refKey(item.request.ref), item])).values()];
}

/** @param known keys of the config and prompt names */
export function unknownName(name: string, known: readonly string[]): ConfigurationError {
  const nearest = didYouMean(name, new Set(known), "");
  return new ConfigurationError(`No prompt "${name}" is configured or imported here.`, {
    code: "name_unknown",
    hint: `${nearest} To see every prompt: scope-gen list`.trimStart(),
  });
}

/** The order of a list of prompts: by name, then by pin, each by code unit, so that it's the same everywhere. */
export function byNameThenPin(a: PromptRef, b: PromptRef): number {
  return compareText(a.name, b.name) || compareText(pinText(a.pin), pinText(b.pin));
}

/** By code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything that asks for one prompt and pin. */
export interface PromptRequests {
  readonly ref: PromptRef;
  /** They differ only in syntax, narrowed types and provided variables. */
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
interface Asked extends Pick<SelectedImport, "request" | "uses"> {
  readonly specifier?: string;
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
  const found = new Map<string, Writable<PromptRequests>>();
  const add = async ({ request, specifier, uses, includedBy }: Asked, use = uses[0]): Promise<void> => {
    const { ref } = request;
    const prompt = found.get(refKey(ref)) ?? {
      ref,
      use,
      requests: [],
      specifiers: [],
      uses: [],
      includedBy: [],
    };
    found.set(refKey(ref), prompt);
    if (specifier !== undefined) prompt.specifiers.push(specifier);
    prompt.uses.push(...uses);
    if (includedBy && !prompt.includedBy.some((one) => refKey(one) === refKey(includedBy)))
      prompt.includedBy.push(includedBy);
    const dialect = JSON.stringify([request.syntax, request.variables, request.provides]);
    const known = prompt.requests.map((one) => JSON.stringify([one.syntax, one.variables, one.provides]));
    if (known.includes(dialect)) return;
    prompt.requests.push(request);
    try {
      for (const version of await versionsOf(request, use)) {
        const partials = version === undefined ? [] : resolvePartials(request, version, options);
        await Promise.all(
          partials.map((one) => add({ request: one.request, uses: [], includedBy: request.ref }, use)),
        );
      }
    } catch (error) {
      if (!isScopeError(error)) throw error;
      onProblem?.(error);
    }
  };
  await pMap(imports, (one) => add(one), { concurrency: options.concurrency });
  return [...found.values()];
}

/** With lists that can grow. */
type Writable<T> = { [K in keyof T]: T[K] extends readonly (infer One)[] ? One[] : T[K] };
