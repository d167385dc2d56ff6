/**
 * Deep-freezes parsed JSON, and counts its values and each place of a variable in its texts. A response that was read
 * has a limited depth.
 *
 * @param budget how many of these are allowed, counted down; below 0 the rest is left alone
 * @returns why it can't be used: a number that JSON can't write again (`1e999`)
 */
export function freezeJson(value: unknown, budget = { left: Infinity }): string | undefined {
  budget.left -= typeof value === "string" ? value.split("{{", budget.left + 1).length : 1;
  if (budget.left < 0) return undefined;
  if (typeof value === "number" && !Number.isFinite(value)) return "numbers out of range";
  if (typeof value !== "object" || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const problem = freezeJson(inner, budget);
    if (problem !== undefined) return problem;
  }
  Object.freeze(value);
  return undefined;
}
