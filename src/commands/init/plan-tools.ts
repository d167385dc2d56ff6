import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { FoundTool, ProjectTools } from "../project-files/detect-tools.ts";
import { addPlugin } from "../project-files/edit-config.ts";
import { registerInScripts } from "../project-files/edit-scripts.ts";
import { newConfig, pluginExample, UNKNOWN_EXAMPLE } from "../project-files/plugin-example.ts";
import type { Part } from "./plan.ts";

/** The plugin in the config of a tool, or the config with it. */
export function planPlugin(tool: FoundTool, folder: string, tools: ProjectTools): Part {
  if (tool.hasPlugin || tool.follows !== undefined) return {};
  const { name, entry, file, text, doubt } = tool;
  const example = pluginExample(tool, file !== undefined || tools.isEsm || tools.usesTypeScript);
  if (entry === undefined) return { manual: { what: `Make the prompts known to ${name}`, code: example } };
  const why = `the plugin for ${name}`;
  if (file === undefined) {
    const change = created(tool, folder, why, tools);
    return change === undefined ? { manual: { what: `Add ${why}`, code: example } } : { change };
  }
  if (doubt !== undefined) {
    const what = `Make sure that ${basename(file)} has ${why}. ${doubt} If it is not there, add it`;
    return { manual: { what, code: example } };
  }
  const after = addPlugin(tool);
  if (after !== undefined) return { change: { file, why, before: text, after } };
  return { manual: { what: `Add ${why} to ${basename(file)} by hand`, code: example } };
}

/** A new config, if adding one doesn't affect others: not at the root of a workspace, whose packages have their own. */
function created(tool: FoundTool, folder: string, why: string, tools: ProjectTools): Part["change"] {
  const after = newConfig(tool);
  const [config = ""] = tool.configs;
  const file = join(folder, `${config}.${tools.usesTypeScript ? "ts" : "mjs"}`);
  if (after === undefined || tools.isWorkspace || existsSync(file)) return undefined;
  return { file, why, before: undefined, after };
}

/** Node's own loader, if nothing bundles the code. */
export function planNodeScripts(folder: string, { tools, packageJson, unknownBuild }: ProjectTools): Part {
  if (!tools.every(({ isForTests }) => isForTests)) return {};
  if (unknownBuild !== undefined) {
    const what = `It is not known whether ${unknownBuild} finds scope: imports. Make the prompts known to it`;
    return { manual: { what, code: UNKNOWN_EXAMPLE } };
  }
  if (packageJson === undefined || packageJson.includes("unplugin-scope/register")) return {};
  const after = registerInScripts(packageJson);
  if (after === packageJson) {
    if (tools.length > 0) return {};
    const code = "node --import unplugin-scope/register app.js";
    return { manual: { what: "Without a bundler, start Node with", code } };
  }
  const why = "Node's scripts, so that scope: imports work in them";
  return { change: { file: join(folder, "package.json"), why, before: packageJson, after } };
}
