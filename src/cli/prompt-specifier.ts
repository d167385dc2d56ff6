import { formatSpecifier, SCHEME } from "../config/specifier.ts";
import type { ResolvedOptions } from "../config/types.ts";

/**
 * What a prompt's name on the command line says as an import: a specifier as it is, a key of the config by its
 * literal name, else what would follow `scope:`.
 *
 * @example promptSpecifier("welcome?label=latest", options) // "scope:welcome?label=latest"
 */
export function promptSpecifier(name: string, options: ResolvedOptions): string {
  if (name.startsWith(SCHEME)) return name;
  return options.prompts.has(name) ? formatSpecifier(name, undefined, false) : `${SCHEME}${name}`;
}
