/** The interface by which the client knows the prompts of a project by their names. */
export const CLIENT_PROMPTS = "UnpluginScopePrompts";

/** Does a types file declare prompts for the client, as any formatter lays it out? The text of a prompt stands behind asterisks. */
export function declaresForClient(code: string): boolean {
  return /^[ \t]*(?:global[ \t]*\{[ \t]*)?interface UnpluginScopePrompts\b/m.test(code);
}
