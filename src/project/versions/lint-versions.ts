import { isScopeError } from "../../errors/scope-error.ts";
import { refKey } from "../../prompt.ts";
import { Tokenizers } from "../../review/cost/tokenizer.ts";
import type { LintedPrompt } from "../../review/lint/lint-prompts.ts";
import { lintPrompts } from "../../review/lint/lint-prompts.ts";
import { compileRequest } from "../compile-request.ts";
import type { Project } from "../project.ts";
import { findProduction } from "./pin-notes.ts";
import type { ResolvedPrompts } from "./resolve.ts";
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
