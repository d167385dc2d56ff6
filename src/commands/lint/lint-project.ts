import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { committedVersions, compileRequest, type FindVersion } from "../../project/compile-request.ts";
import { findUses, type ProjectUses } from "../../project/discovery/find-uses.ts";
import type { Project } from "../../project/project.ts";
import { type Label, type PromptRef, refKey } from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { LintedPrompt } from "../../review/lint/lint-prompts.ts";
import { type LintFinding, lintPrompts } from "../../review/lint/lint-prompts.ts";
import { type FetchProgress, labelledVersions } from "../fetch-versions.ts";
import { findProduction } from "../pin-notes.ts";
import { onlyNamed, promptRequests, selectImports } from "../select-imports.ts";

export interface LintResult {
  readonly findings: readonly LintFinding[];
  /** How many prompts were looked at. */
  readonly prompts: number;
}

/**
 * Applies the rules for prompts to everything a project imports and configures. Rules that compare prompts always see
 * all of them.
 *
 * @param names reports only what concerns these: keys of the config, prompt names or specifiers. None: everything
 * @param label looks at what it points at, for every prompt that follows a label. Default: at what is committed
 * @throws ScopeErrors (or the one error) for prompts that aren't committed, damaged, or don't compile; `name_unknown`
 */
export async function lintProject(
  project: Project,
  names: readonly string[],
  label?: Label,
  onProgress?: (progress: FetchProgress) => void,
): Promise<LintResult> {
  const { options } = project;
  const code = await findUses(options);
  const imports = selectImports(options, code.uses);
  const named = new Set(onlyNamed(imports, names).map(({ request }) => refKey(request.ref)));
  const find =
    label === undefined
      ? committedVersions(options)
      : await labelledVersions(project, imports, label, "With --label, lint", onProgress);
  const { findings, prompts, errors } = await lintVersions(project, find, code);
  throwAll(errors, "prompts can't be read");
  if (names.length === 0) return { findings, prompts };
  const isNamed = (ref: PromptRef) => named.has(refKey(ref));
  return {
    findings: findings.filter(({ prompt, others }) => isNamed(prompt) || others.some(isNamed)),
    prompts: named.size,
  };
}

/**
 * Applies the rules to the versions that `find` returns, for everything a project imports and configures.
 *
 * @param code what is in it. Default: looks for that
 * @returns also why prompts couldn't be looked at: they aren't committed, are damaged, or don't compile
 * @throws ConfigurationError `tokenizer_missing`
 */
export async function lintVersions(
  project: Project,
  find: FindVersion,
  code?: ProjectUses,
): Promise<LintResult & { readonly errors: readonly unknown[] }> {
  const { options } = project;
  const { uses } = code ?? (await findUses(options));
  const errors = new Set<unknown>();
  const requests = await promptRequests(selectImports(options, uses), options, async ({ ref }) => [
    await find(ref),
  ]);
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const { numbers } = await findProduction(
    project,
    requests.map(({ ref }) => ref),
  );
  const linted: LintedPrompt[] = [];
  for (const {
    ref,
    requests: [request],
  } of requests) {
    if (request === undefined) continue;
    let prompt: CompiledPrompt;
    try {
      prompt = await compileRequest(request, options, find);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      errors.add(error);
      continue;
    }
    const tokenizer = await tokenizers.forModel(prompt.source.version.metadata.model);
    linted.push({ prompt, tokenizer, productionNumber: numbers.get(refKey(ref)) });
  }
  return { findings: lintPrompts(linted, options.lint), prompts: linted.length, errors: [...errors] };
}
