/**
 * JSON with sorted keys (by code unit, at every depth) and no white space: the same data is the same text
 * on every machine. Arrays keep their order.
 */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = sortedKeys(value).map(
    (key) => `${JSON.stringify(key)}:${stableJson((value as Record<string, unknown>)[key])}`,
  );
  return `{${members.join(",")}}`;
}

/** The same order of keys, laid out for people: two spaces, one array element a line. */
export function prettyStableJson(value: unknown, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const items = value.map((item) => inner + prettyStableJson(item, inner));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = sortedKeys(value);
  if (keys.length === 0) return "{}";
  const members = keys.map(
    (key) =>
      `${inner}${JSON.stringify(key)}: ${prettyStableJson((value as Record<string, unknown>)[key], inner)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function sortedKeys(value: object): string[] {
  return Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .sort();
}
