/** The sentence of a `MissingVariableError`; the helper of emitted modules uses the same words. */
export function missingMessage(prompt: string, names: readonly string[]): string {
  return `Prompt "${prompt}" lacks ${names.join(", ")}`;
}
