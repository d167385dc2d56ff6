import { isScopeError } from "../../errors/scope-error.ts";
import { throwAll } from "../../errors/scope-errors.ts";
import { type Label, type PromptRef, refKey } from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import { type LintedPrompt, lintPrompts } from "../../review/lint/lint-prompts.ts";
import { compileRequest } from "../compile-request.ts";
import type { Project } from "../project.ts";
import { findProduction } from "./pin-notes.ts";
import { type FetchProgress, type ResolvedPrompts, resolveLabel } from "./resolve.ts";
import { findImports, onlyNamed } from "./select-imports.ts";

/** Applies the rules to the versions that `find` returns. `errors`: why prompts couldn't be looked at. */
export async function lintVersions(
  project: Project,
  asked: ResolvedPrompts["prompts"],
  find: ResolvedPrompts["find"]["to"],
) {
  const { options } = project;
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const refs = asked.map(({ ref }) => ref);
  const { numbers } = await findProduction(project, refs);
  const errors = new Set<unknown>();
  const linted: LintedPrompt[] = [];
  for (const { ref, requests } of asked) {
    const [request] = requests;
    if (request === undefined) continue;
    try {
      const prompt = await compileRequest(request, options, find);
      const tokenizer = await tokenizers.forModel(prompt.source.version.metadata.model);
      linted.push({ prompt, tokenizer, productionNumber: numbers.get(refKey(ref)) });
    } catch (error) {
      if (!isScopeError(error) || error.code === "tokenizer_missing") throw error;
      errors.add(error);
    }
  }
  return { findings: lintPrompts(linted, options.lint), prompts: linted.length, errors: [...errors] };
}

/**
 * Applies the rules to all prompts, since some compare them, and reports what concerns the named ones. Default: all.
 */
export async function lintProject(
  project: Project,
  names: readonly string[],
  label?: Label,
  progress?: FetchProgress,
) {
  const { imports } = await findImports(project.options);
  const named = new Set(onlyNamed(imports, names).map(({ request }) => refKey(request.ref)));
  const resolved = await resolveLabel(project, imports, label, "With --label, lint", progress);
  const { findings, prompts, errors } = await lintVersions(project, resolved.prompts, resolved.find.to);
  throwAll(errors, "prompts can't be read");
  if (names.length === 0) return { findings, prompts };
  const isNamed = (ref: PromptRef) => named.has(refKey(ref));
  return {
    findings: findings.filter(({ prompt, others }) => isNamed(prompt) || others.some(isNamed)),
    prompts: named.size,
  };
}
