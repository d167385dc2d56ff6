import { memberOf, parseJsonc } from "../project-files/jsonc.ts";

const REGISTER = "--import unplugin-scope/register";

/**
 * Lets the scripts `start` and `dev` of a package.json run with prompts, where they begin with `node`. The text
 * itself when there is nothing to change.
 */
export function registerInScripts(packageJson: string): string {
  const scripts = memberOf(parseJsonc(packageJson), "scripts");
  const edits = ["start", "dev"].flatMap((name) => {
    const script = memberOf(scripts, name);
    if (script?.kind !== "scalar" || typeof script.value !== "string") return [];
    const isPlain = /^node\s+(?!.*unplugin-scope\/register)/.test(script.value);
    return isPlain ? [{ ...script, text: script.value.replace(/^node\s/, `node ${REGISTER} `) }] : [];
  });
  let result = packageJson;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + JSON.stringify(text) + result.slice(end);
  }
  return result;
}
