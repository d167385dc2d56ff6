/** Deeper than any metadata, and far from where writing it as JSON again would overflow the stack. */
const MAX_DEPTH = 100;

/**
 * Freezes parsed JSON through and through, as `client/freeze-json.ts` does, and counts what there is to judge: each
 * value, and each place of a variable in a text.
 *
 * @param budget how many there may be, counted down
 * @returns whether all of it can be used: within the budget, at most 100 levels, and no number that JSON cannot write
 * again (`1e999`)
 */
export function freezeParts(value: unknown, budget: { left: number }, depth = 0): boolean {
  budget.left -= typeof value === "string" ? value.split("{{", budget.left + 1).length : 1;
  if (budget.left < 0) return false;
  if (typeof value === "number") return Number.isFinite(value);
  return (
    Object(value) !== value ||
    (depth < MAX_DEPTH &&
      Object.values(Object.freeze(value as object)).every((inner) => freezeParts(inner, budget, depth + 1)))
  );
}
