import { ConfigurationError } from "../../errors/classes.ts";
import { didYouMean } from "../../errors/nearest-name.ts";
import { isScopeError, locate } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { compareText, type PromptRef, pinText, refKey } from "../../prompt.ts";
import { type ResolvedImport, resolveSpecifier, SCHEME } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";
import { findUses, type ProjectUses, type ScopeUse } from "../discovery/find-uses.ts";
import type { Project } from "../project.ts";
import { committedRefs } from "../snapshot/store.ts";
import { keySpecifier } from "../types/types-file.ts";

/** An import that the project asks for, and where in the code; without a place if only the config has the key. */
export interface SelectedImport {
  /** As spelled in the code, or the key's own specifier. */
  readonly specifier: string;
  readonly request: ResolvedImport;
  readonly uses: readonly ScopeUse[];
}

/** What is in a project's code, and what it and the config import. */
export interface FoundImports extends ProjectUses {
  readonly imports: readonly SelectedImport[];
}

/**
 * What is in the code, and what the project imports: the keys of the config and the specifiers in the code. `onErrors`
 * is given why some can't be read; by default that is thrown. Throws as {@link findUses}.
 */
export async function findImports(
  options: ResolvedOptions,
  onErrors = (errors: readonly unknown[]) => throwAll(errors, "specifiers can't be read"),
): Promise<FoundImports> {
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

/**
 * What is committed, but neither imported nor configured, nor what a pinned key follows after `unpin`. A damaged file goes
 * by its name.
 */
export async function findUnused(
  { options }: Project,
  { imports }: Pick<FoundImports, "imports">,
): Promise<readonly PromptRef[]> {
  const asked = imports.map(({ request }) => request.ref);
  const followed = [...options.prompts.values()]
    .filter(({ pin }) => pin.kind === "version")
    .map(({ name }): PromptRef => ({ name, pin: { kind: "label", label: options.label } }));
  const used = new Set([...asked, ...followed].map(refKey));
  const committed = await committedRefs(options.snapshotDir);
  return committed.filter((ref) => !used.has(refKey(ref))).sort(byNameThenPin);
}
