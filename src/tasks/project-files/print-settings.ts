/** Settings as JSON for a person to add to a file: each list on one line. */
export function printSettings(settings: object, indent = ""): string {
  const inner = `${indent}  `;
  const members = Object.entries(settings).map(([key, value]) => {
    const text = Array.isArray(value)
      ? `[${value.map((one) => JSON.stringify(one)).join(", ")}]`
      : printSettings(value, inner);
    return `${inner}${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${members.join(",\n")}\n${indent}}`;
}
