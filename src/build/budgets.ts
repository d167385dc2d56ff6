import type { CompiledPrompt } from "../compiler/compiled-prompt.ts";
import { ResourceError } from "../errors/classes.ts";
import { shortPath } from "../errors/format-error.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import type { ResolvedOptions } from "../project/config/types.ts";
import { refText } from "../prompt.ts";
import { hasLimits, type OverBudget } from "../review/cost/budget.ts";

/**
 * Compares what a build ships with its budget. Without one, nothing is counted or loaded.
 *
 * @param before the committed version, if this one replaces it
 * @returns a warning for each limit that it exceeds
 * @throws ResourceError `budget_exceeded` under `severity: "error"`, ConfigurationError `tokenizer_missing`
 */
export async function budgetWarnings(
  options: ResolvedOptions,
  { ref, budget }: ResolvedImport,
  compiled: CompiledPrompt,
  before: CompiledPrompt | undefined,
): Promise<readonly string[]> {
  if (!hasLimits(budget)) return [];
  const { overBudget } = await import("../review/cost/budget.ts");
  const { countCost } = await import("../review/cost/prompt-cost.ts");
  const { Tokenizers } = await import("../review/cost/tokenizer.ts");
  const tokenizers = new Tokenizers(options.tokens.encoding);
  const cost = await countCost(compiled, tokenizers);
  const exceeded = overBudget(budget, cost, before && (await countCost(before, tokenizers)));
  const { versionNumber, id } = compiled.source.version;
  const text = ({ message }: OverBudget) => `Version ${versionNumber} ${message}`;
  const errors = exceeded.filter(({ severity }) => severity === "error");
  const place =
    options.configFile === undefined ? "the plugin's options" : shortPath(options.configFile, options.root);
  if (errors.length > 0) {
    throw new ResourceError(`${errors.map(text).join(". ")}.`, {
      code: "budget_exceeded",
      where: { prompt: refText(ref), versionNumber, versionId: id },
      hint: `The budget is in ${place}. To see what each prompt costs: scope-gen list --tokens`,
    });
  }
  return exceeded.map((one) => `${refText(ref)}: version ${versionNumber} ${one.message} (${place}).`);
}
