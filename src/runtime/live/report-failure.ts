import type { ScopeError } from "../../errors/scope-error.ts";
import type { LiveConfiguration } from "../live-types.ts";
import type { LivePrompt } from "./live-prompt.ts";
import { notify } from "./notify.ts";

/**
 * Reports why a prompt can't be refreshed, each problem once until a poll succeeds again.
 *
 * @param isDown an outage: it takes many forms, which can differ between prompts, and is reported once
 * @param isOfAll every prompt of the build has the problem
 */
export function reportFailure(
  options: LiveConfiguration,
  { name, label, site, compiled, reportedProblems }: LivePrompt,
  error: ScopeError,
  { isDown, isOfAll }: { readonly isDown: boolean; readonly isOfAll: boolean },
): void {
  const problem = isDown ? "outage" : (error.code ?? error.name);
  const isReported = reportedProblems.has(problem) || site.reportedProblems.has(problem);
  reportedProblems.add(problem);
  if (isOfAll || isDown) site.reportedProblems.add(problem);
  if (isReported) return;
  notify(
    options,
    "onError",
    [error, { name, label }],
    `Live prompt "${name}": version ${compiled[0]?.served.versionNumber} stays, it cannot be refreshed. ${error.message.replace(/\w$/, "$&.")} ${error.hint ?? ""}`,
  );
}
