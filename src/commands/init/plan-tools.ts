import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { FoundTool, ProjectTools } from "../project-files/detect-tools.ts";
import { registerInScripts } from "../project-files/manifest.ts";
import { newConfig, pluginExample, UNKNOWN_EXAMPLE } from "../project-files/plugin-example.ts";
import type { Part } from "./plan.ts";

/** The plugin in the config of a tool, or the config with it. */
export function planPlugin(tool: FoundTool, folder: string, tools: ProjectTools): Part {
  if (tool.hasPlugin || tool.follows !== undefined) return {};
  const { name, entry, file, text, doubt, edited } = tool;
  const why = `the plugin for ${name}`;
  if (file !== undefined && edited !== undefined)
    return { change: { file, why, before: text, after: edited } };
  const created = file === undefined ? createConfig(tool, folder, why, tools) : undefined;
  if (created !== undefined) return { change: created };
  const code = pluginExample(tool, file !== undefined || tools.isEsm || tools.usesTypeScript);
  if (entry === undefined) return { manual: { what: `Make the prompts known to ${name}`, code } };
  const place = file === undefined ? "" : ` to ${basename(file)}`;
  const what = doubt === undefined ? `Add ${why}${place}` : `${doubt} If it doesn't have ${why}, add it`;
  return { manual: { what, code } };
}

/** A new config, if adding one doesn't affect others: not at the root of a workspace, whose packages have their own. */
function createConfig(tool: FoundTool, folder: string, why: string, tools: ProjectTools): Part["change"] {
  const after = newConfig(tool);
  const [config = ""] = tool.configs;
  const file = join(folder, `${config}.${tools.usesTypeScript ? "ts" : "mjs"}`);
  if (after === undefined || tools.isWorkspace || existsSync(file)) return undefined;
  return { file, why, before: undefined, after };
}

/** Node's own loader, if nothing bundles the code. */
export function planNodeScripts(folder: string, { tools, packageJson = "" }: ProjectTools): Part {
  if (!tools.every(({ isForTests }) => isForTests) || packageJson.includes("unplugin-scope/")) return {};
  const after = registerInScripts(packageJson);
  if (after === packageJson)
    return { manual: { what: "No bundler was found. Do what fits your project", code: UNKNOWN_EXAMPLE } };
  const why = "Node's scripts, so that scope: imports work in them";
  return { change: { file: join(folder, "package.json"), why, before: packageJson, after } };
}
