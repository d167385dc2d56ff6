import { Node } from "ts-morph";
import { readManifest } from "./manifest.ts";
import { jsonObject, textOf, valueUnder } from "./scripts/parse-script.ts";

const REGISTER = "--import unplugin-scope/register";

/** The scripts of a package.json that run `tsx watch` with prompts, but only watch what is imported. */
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
 * Makes the scripts `start` and `dev` of a package.json run with prompts, if they begin with `node`. Returns the text
 * unchanged when there's nothing to change.
 */
export function registerInScripts(packageJson: string): string {
  const root = jsonObject(packageJson);
  for (const name of ["start", "dev"]) {
    const script = valueUnder(root, "scripts", name);
    if (!Node.isStringLiteral(script)) continue;
    const command = script.getLiteralText();
    if (/^node\s+(?!.*unplugin-scope\/register)/.test(command))
      script.replaceWithText(JSON.stringify(command.replace(/^node\s/, `node ${REGISTER} `)));
  }
  return root === undefined ? packageJson : textOf(root.getSourceFile(), packageJson);
}
