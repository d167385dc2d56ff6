import { shownPin } from "../../prompt.ts";
import { HOW_TO_COUNT, tokensText } from "../../review/cost/budget.ts";
import { errorToJson } from "../error-json.ts";
import { refJson } from "../json-parts.ts";
import type { Printer } from "../shell/output.ts";
import { textTable } from "../shell/text-table.ts";
import type { PricedPrompt } from "./list-costs.ts";

/** What prompts cost, for a person. */
export function listCostsText(prompts: readonly PricedPrompt[], { colors, width }: Printer): string {
  if (prompts.length === 0) return "No prompts: nothing is imported or configured.\n";
  const { red, yellow, dim } = colors;
  const rows = prompts.map(({ request: { ref }, entry, problem, variables, cost }) => [
    ref.name,
    shownPin(ref.pin),
    cost !== undefined
      ? tokensText(cost.tokens, cost)
      : problem !== undefined
        ? red(problem.code)
        : yellow("not pulled"),
    cost === undefined ? dim("-") : tokensText(cost.prefix, cost),
    variables?.join(", ") || dim("-"),
    modelOf(entry) ?? dim("-"),
  ]);
  const table = textTable(["prompt", "pin", "tokens", "cacheable prefix", "variables", "model"], rows, width);
  return prompts.some(({ cost }) => cost?.encoding === null)
    ? `${table}≈ is an estimate; ${HOW_TO_COUNT}.\n`
    : table;
}

/** The same as `list --tokens --json` prints it. Its shape is part of the public contract. */
export function listCostsJson(prompts: readonly PricedPrompt[], cwd: string): unknown {
  return {
    prompts: prompts.map(({ request, entry, problem, variables, cost }) => ({
      key: request.key,
      ...refJson(request.ref),
      versionNumber: entry?.version.versionNumber ?? null,
      tokens: cost?.tokens ?? null,
      prefix: cost?.prefix ?? null,
      encoding: cost?.encoding ?? null,
      variables: variables ?? null,
      model: modelOf(entry) ?? null,
      ...(problem === undefined ? {} : { problem: errorToJson(problem, cwd) }),
    })),
  };
}

function modelOf(entry: PricedPrompt["entry"]): string | undefined {
  const model = entry?.version.metadata.model;
  return typeof model === "string" ? model : undefined;
}
