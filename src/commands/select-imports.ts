import { ConfigurationError } from "../errors/classes.ts";
import { didYouMean } from "../errors/nearest-name.ts";
import { isScopeError, locate } from "../errors/scope-error.ts";
import { ScopeErrors } from "../errors/scope-errors.ts";
import { type ResolvedImport, resolveSpecifier, SCHEME } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import type { ScopeUse } from "../project/discovery/find-uses.ts";
import { keySpecifier } from "../project/types/types-file.ts";
import { type PromptRef, pinText, refKey } from "../prompt.ts";

/** An import that the project asks for, and where in the code; without a place if only the config has the key. */
export interface SelectedImport {
  /** As spelled in the code, or the key's own specifier. */
  readonly specifier: string;
  readonly request: ResolvedImport;
  readonly uses: readonly ScopeUse[];
}

/**
 * Everything a project imports: the keys of its config and the specifiers in its code, by specifier.
 *
 * @param onErrors is given why specifiers can't be read, with their places. Default: throws that
 * @throws ScopeErrors (or the one error)
 */
export function selectImports(
  options: ResolvedOptions,
  uses: readonly ScopeUse[],
  onErrors = (errors: readonly unknown[]) => throwAll(errors, "specifiers can't be read"),
): readonly SelectedImport[] {
  const places = new Map<string, ScopeUse[]>();
  for (const key of options.prompts.keys()) places.set(keySpecifier(key), []);
  for (const use of uses) {
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
      if (use && isScopeError(error)) locate(error, { file: use.file, line: use.line, column: use.column });
      errors.push(error);
    }
  }
  onErrors(errors);
  return imports;
}

/**
 * The imports that the given names mean: keys, prompt names, or specifiers with or without their `scope:`. Without names, all of them.
 *
 * @throws ConfigurationError `name_unknown` with the nearest name
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

/** Throws one error as it is, and several as one that lists them. */
export function throwAll(errors: readonly unknown[], what: string): void {
  if (errors.length > 0) throw asOne(errors, what);
}

/** One error as it is, several as one that lists them, and undefined for none. */
export function asOne(errors: readonly unknown[], what: string): unknown {
  if (errors.length <= 1) return errors[0];
  return new ScopeErrors(`${errors.length} ${what}.`, { code: "several_errors", errors });
}

/** @param known keys of the config and prompt names */
export function unknownName(name: string, known: readonly string[]): ConfigurationError {
  const nearest = didYouMean(name, new Set(known), "");
  return new ConfigurationError(`No prompt "${name}" is configured or imported here.`, {
    code: "name_unknown",
    hint: `${nearest} To see every prompt: scope-gen list`.trimStart(),
  });
}

/**
 * Compares for a list of prompts: by name, then by pin, each by code unit, so that the order is the same everywhere.
 */
export function byNameThenPin(a: PromptRef, b: PromptRef): number {
  return compareText(a.name, b.name) || compareText(pinText(a.pin), pinText(b.pin));
}

/** By code unit. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
