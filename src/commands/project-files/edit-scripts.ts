import { parseJsonc, valueAt } from "./jsonc.ts";
import { readManifest } from "./manifest.ts";

const REGISTER = "--import unplugin-scope/register";

/** The scripts of a package.json that run `tsx watch` with prompts, and do not have it watch more than what is imported. */
export function blindWatchers(packageJson: string): readonly string[] {
  const scripts = Object.entries(Object(readManifest(packageJson).scripts) as Record<string, unknown>);
  return scripts.flatMap(([name, script]) => {
    const isBlind =
      /\btsx\s+watch\b/.test(String(script)) &&
      String(script).includes("unplugin-scope/register") &&
      !String(script).includes("--include");
    return isBlind ? [name] : [];
  });
}

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
