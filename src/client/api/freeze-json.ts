/** Deeper than any metadata, and far from where writing it as JSON again would overflow the stack. */
const MAX_DEPTH = 100;

/**
 * Freezes parsed JSON through and through.
 *
 * @returns what makes it unusable: more than 100 levels, or a number JSON cannot write again (`1e999`)
 */
export function freezeJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "numbers out of range";
  if (typeof value !== "object" || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
  for (const inner of Object.values(value)) {
    const fault = freezeJson(inner, depth + 1);
    if (fault !== undefined) return fault;
  }
  Object.freeze(value);
  return undefined;
}
