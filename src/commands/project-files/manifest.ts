import { Node } from "ts-morph";
import type { PackageJson } from "../../project/config/package-manager.ts";
import { edited, replace } from "./edit-text.ts";
import { jsonObject, valueUnder } from "./script.ts";

/** All scripts of a package.json, one line each. */
export function scriptsOf(manifest: PackageJson): string {
  return Object.values(Object(manifest.scripts)).join("\n");
}

/**
 * Makes the scripts `start` and `dev` of a package.json run with prompts, if they begin with `node`. Returns the text
 * unchanged when there's nothing to change.
 */
export function registerInScripts(packageJson: string): string {
  const scripts = valueUnder(jsonObject(packageJson), "scripts");
  const edits = ["start", "dev"].flatMap((name) => {
    const script = valueUnder(scripts, name);
    const command = Node.isStringLiteral(script) ? script.getLiteralText() : "";
    if (script === undefined || !command.startsWith("node ") || command.includes("unplugin-scope/register"))
      return [];
    const registered = command.replace("node ", "node --import unplugin-scope/register ");
    return [replace(script, JSON.stringify(registered))];
  });
  return edited(packageJson, edits);
}
