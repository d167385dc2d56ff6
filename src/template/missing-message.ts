/** The sentence of a `MissingVariableError`; emitted modules carry the same words. */
export function missingMessage(prompt: string, names: readonly string[]): string {
  return `No value for ${names.join(", ")} in prompt "${prompt}".`;
}
