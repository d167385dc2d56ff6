/** Settings as readable JSON: each list on one line. */
export function printSettings(settings: unknown, indent = ""): string {
  if (Array.isArray(settings)) return `[${settings.map((one) => JSON.stringify(one)).join(", ")}]`;
  if (typeof settings !== "object" || settings === null) return JSON.stringify(settings);
  const inner = `${indent}  `;
  const members = Object.entries(settings).map(
    ([key, value]) => `${inner}${JSON.stringify(key)}: ${printSettings(value, inner)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}
