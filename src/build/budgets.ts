import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { ResourceError } from "../errors/classes.ts";
import { shortPath } from "../errors/format-error.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { refText } from "../prompt.ts";

/**
 * Compares what a build ships with its budget. Without one, nothing is counted or loaded.
 *
 * @returns a warning if it exceeds it
 * @throws ResourceError `budget_exceeded` under `severity: "error"`, ConfigurationError `tokenizer_missing`
 */
export async function budgetWarnings(
  options: ResolvedOptions,
  { ref, budget }: ResolvedImport,
  compiled: CompiledPrompt,
): Promise<readonly string[]> {
  if (budget.tokens === undefined) return [];
  const { overBudget } = await import("../review/cost/budget.ts");
  const { countCost } = await import("../review/cost/prompt-cost.ts");
  const { Tokenizers } = await import("../review/cost/tokenizer.ts");
  const exceeded = overBudget(budget, await countCost(compiled, new Tokenizers(options.tokens.encoding)));
  if (exceeded === undefined) return [];
  const { versionNumber, id } = compiled.source.version;
  const place =
    options.configFile === undefined ? "the plugin's options" : shortPath(options.configFile, options.root);
  if (exceeded.severity === "warn")
    return [`${refText(ref)}: version ${versionNumber} ${exceeded.message} (${place}).`];
  throw new ResourceError(`Version ${versionNumber} ${exceeded.message}.`, {
    code: "budget_exceeded",
    where: { prompt: refText(ref), versionNumber, versionId: id },
    hint: `The budget is in ${place}. To see what each prompt costs: scope-gen list --tokens`,
  });
}
