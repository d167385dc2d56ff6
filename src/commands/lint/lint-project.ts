import { throwAll } from "../../errors/scope-errors.ts";
import type { Project } from "../../project/project.ts";
import { lintVersions } from "../../project/versions/lint-versions.ts";
import { type FetchProgress, resolveLabel } from "../../project/versions/resolve.ts";
import { findImports, onlyNamed } from "../../project/versions/select-imports.ts";
import { type Label, type PromptRef, refKey } from "../../prompt.ts";

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
