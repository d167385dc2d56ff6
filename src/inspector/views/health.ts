import { asOne } from "../../commands/select-imports.ts";
import { asRun } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { LoadOptionsInput } from "../../project/config/load/load-options.ts";
import type { Project } from "../../project/project.ts";
import { committedVersions } from "../../project/versions/find-version.ts";
import type { PromptRef } from "../../prompt.ts";
import type { Health, IncludedPrompt } from "../api.ts";
import { errorText } from "./overview.ts";

/** How a project was opened. */
export type DoctorInput = Pick<LoadOptionsInput, "cwd" | "mode" | "env">;

/** What `doctor` says. */
export async function checksOf({ options }: Project, input: DoctorInput): Promise<Health["checks"]> {
  const { configFile, fetch } = options;
  // It evaluates configs as code, and is loaded only when somebody asks for it.
  const { examine } = await import("../../commands/doctor/examine.ts");
  return examine({ ...input, configFile, flags: fetch === "never" ? { fetch } : {}, isTestRun: false });
}

/** What `lint` says about what is committed. */
export async function rulesOf(
  project: Project,
  linked: (prompt: PromptRef) => IncludedPrompt,
): Promise<Pick<Health, "rules" | "rulesProblem">> {
  // The rules are loaded only when somebody asks for them.
  const { lintVersions } = await import("../../commands/lint/lint-project.ts");
  try {
    const { findings, errors } = await lintVersions(project, committedVersions(project.options));
    const rules = findings.map(({ rule, severity, prompt, message, hint }) => {
      return { rule, severity, prompt: linked(prompt), message, hint: asRun(hint) };
    });
    const error = asOne(errors, "prompts can't be read");
    return { rules, rulesProblem: error === undefined ? undefined : errorText(error, project) };
  } catch (error) {
    if (!isScopeError(error)) throw error;
    return { rules: [], rulesProblem: errorText(error, project) };
  }
}
