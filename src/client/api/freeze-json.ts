/** Deeper than any metadata, and far below the depth at which writing it as JSON again would overflow the stack. */
const MAX_DEPTH = 100;

/**
 * Deep-freezes parsed JSON, and counts its values and each place of a variable in its texts.
 *
 * @param budget how many of these are allowed, counted down; below 0 the rest is left alone
 * @returns why it can't be used: more than 100 levels, or a number that JSON can't write again (`1e999`)
 */
export function freezeJson(value: unknown, budget = { left: Infinity }, depth = 0): string | undefined {
  budget.left -= typeof value === "string" ? value.split("{{", budget.left + 1).length : 1;
  if (budget.left < 0) return undefined;
  if (typeof value === "number" && !Number.isFinite(value)) return "numbers out of range";
  if (typeof value !== "object" || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
  for (const inner of Object.values(value)) {
    const problem = freezeJson(inner, budget, depth + 1);
    if (problem !== undefined) return problem;
  }
  Object.freeze(value);
  return undefined;
}
