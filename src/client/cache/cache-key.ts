import type { PromptRef } from "../../prompt.ts";

/**
 * One text per prompt and pin. The most common one, production, has just the name, since joining texts costs more than
 * finding one. Every other key starts with a zero character, and so does the key of a name that itself starts with one.
 */
export function cacheKey({ name, pin }: PromptRef): string {
  if (pin.kind === "version") return `\0version ${JSON.stringify(pin.versionId)} ${name}`;
  return pin.label === "production" && !name.startsWith("\0") ? name : `\0${pin.label} ${name}`;
}
