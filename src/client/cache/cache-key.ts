import type { PromptRef } from "../../prompt.ts";

/**
 * One text per prompt and pin. What is asked for most, production, has its bare name, since joining texts costs more
 * than finding one; every other begins with a zero character, and so does a name that does so itself.
 */
export function cacheKey({ name, pin }: PromptRef): string {
  if (pin.kind === "version") return `\0version ${JSON.stringify(pin.versionId)} ${name}`;
  return pin.label === "production" && !name.startsWith("\0") ? name : `\0${pin.label} ${name}`;
}
