import { parseJsonc, valueAt } from "./jsonc.ts";

const REGISTER = "--import unplugin-scope/register";

/**
 * Lets the scripts `start` and `dev` of a package.json run with prompts, where they begin with `node`. The text
 * itself when there is nothing to change.
 */
export function registerInScripts(packageJson: string): string {
  const root = parseJsonc(packageJson);
  const edits = ["start", "dev"].flatMap((name) => {
    const script = valueAt(root, "scripts", name);
    if (script === undefined || typeof script.value !== "string") return [];
    const isPlain = /^node\s+(?!.*unplugin-scope\/register)/.test(script.value);
    return isPlain ? [{ ...script, text: script.value.replace(/^node\s/, `node ${REGISTER} `) }] : [];
  });
  let result = packageJson;
  for (const { offset, length, text } of edits.sort((a, b) => b.offset - a.offset)) {
    result = result.slice(0, offset) + JSON.stringify(text) + result.slice(offset + length);
  }
  return result;
}
