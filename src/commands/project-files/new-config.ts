import { join } from "node:path";
import scopeConfig from "../../../templates/scope-config.mustache?raw";
import { isEmitted } from "./tsconfig.ts";

/** The config of a project that has none: a script, or JSON where `tsc` would take a script into its output. */
export function newConfig(
  root: string,
  usesTypeScript: boolean,
  settings: Readonly<Record<string, string>> = {},
): { readonly file: string; readonly text: string } {
  const file = join(root, usesTypeScript ? "scope.config.ts" : "scope.config.mjs");
  const members = Object.entries(settings).map(([key, value]) => `  ${key}: "${value}",\n`);
  // It would move the output of `tsc`, or not compile there.
  if (!isEmitted(join(root, "tsconfig.json"), file))
    return { file, text: scopeConfig.replace("\n});", `\n${members.join("")}});`) };
  const all = { label: "production", live: { label: "latest" }, ...settings };
  return { file: join(root, "scope.config.json"), text: `${JSON.stringify(all, null, 2)}\n` };
}
