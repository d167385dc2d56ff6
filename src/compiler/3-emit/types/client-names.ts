/** The interface that tells the client a project's prompts by name. */
export const CLIENT_PROMPTS = "UnpluginScopePrompts";

/**
 * Does a types file declare prompts for the client, in any formatter's layout? The text of a prompt comes after
 * asterisks.
 */
export function declaresForClient(code: string): boolean {
  return /^[ \t]*(?:global[ \t]*\{[ \t]*)?interface UnpluginScopePrompts\b/m.test(code);
}
