import { join } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { manifestAt } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { planPlugin } from "../init/plan-tools.ts";
import type { FoundTool } from "../project-files/detect-tools.ts";
import { registerInScripts, scriptsOf } from "../project-files/manifest.ts";
import type { ProjectPackage } from "../project-files/packages.ts";
import { findTaskRunners } from "../project-files/task-runners.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** Does every bundler of a package have its plugin? */
export function examineTools(found: ProjectPackage, cwd: string): readonly Finding[] {
  const { folder } = found;
  const { tools, packageJson = "", isWorkspace } = found.tools;
  const findings = tools.flatMap((tool) => {
    const place = tool.file === undefined ? tool.name : `${tool.name} (${shortPath(tool.file, cwd)})`;
    if (tool.hasPlugin)
      return [
        ok("bundler", `${place} ${tool.entry === undefined ? "finds the emitted files" : "has the plugin"}`),
      ];
    // The finding of the other tool covers this one.
    return tool.follows === undefined ? [noPlugin(tool, place, found)] : [];
  });
  if (tools.some(({ isForTests }) => !isForTests)) return findings;
  if (registerInScripts(packageJson) !== packageJson) {
    const manifest = shortPath(join(folder, "package.json"), cwd);
    const what = `A script of ${manifest} starts Node without --import unplugin-scope/register.`;
    return [...findings, warning("bundler", what, "Run: scope-gen init")];
  }
  const build = isWorkspace ? undefined : unknownBuild(folder);
  if (build !== undefined) {
    const what = `The script "build" of ${shortPath(join(folder, "package.json"), cwd)} runs none of the tools that we know: ${build}`;
    const fix =
      "If it uses plugins of Vite, Rollup, webpack or esbuild, add ours. If not, write the prompts as files before it: scope-gen emit --out-dir src/prompts";
    return [...findings, warning("bundler", what, fix)];
  }
  if (tools.length > 0) return findings;
  return [ok("bundler", "none found: plain Node uses --import unplugin-scope/register")];
}

/** The script `build` of a package.json without a known bundler, unless its scripts already do something about prompts. */
function unknownBuild(folder: string): string | undefined {
  const manifest = manifestAt(folder);
  const { build } = Object(manifest.scripts);
  if (typeof build !== "string" || build.trim() === "") return undefined;
  return /unplugin-scope\/|scope-gen emit/.test(scriptsOf(manifest)) ? undefined : printableLine(build);
}

function noPlugin(tool: FoundTool, place: string, { folder, tools }: ProjectPackage): Finding {
  const { name, entry, emits, file, doubt } = tool;
  // Next to another build, we don't know which part of the code it handles: it may be one without prompts.
  const isOneOfSeveral = tools.tools.some((one) => one !== tool && !one.isForTests);
  const { change, manual } = planPlugin(tool, folder, tools);
  const example = manual?.code.replaceAll("\n", " … ") ?? "";
  if (entry === undefined) {
    // Tests may find prompts in their own way; a build that finds no prompt fails, or ships code that fails.
    const finding = emits === "map" || isOneOfSeveral ? warning : problem;
    const what = `${place} can't use plugins, and doesn't find the files of scope-gen emit.`;
    return finding("bundler", what, example);
  }
  if (doubt !== undefined)
    return warning("bundler", `${place} may not have ${entry}: ${doubt}`, `If it doesn't: ${example}`);
  const fix = change === undefined ? `Add it by hand: ${example}` : "Run: scope-gen init";
  if (file === undefined)
    return warning("bundler", `${name} has no config file, so no plugin from ${entry}.`, fix);
  const finding = name === "Bun" && isOneOfSeveral ? warning : problem;
  return finding("bundler", `${place} doesn't use ${entry}.`, fix);
}

/** Do the task runners of the repository build again when prompts change? */
export async function examineTaskRunners(options: ResolvedOptions, cwd: string): Promise<readonly Finding[]> {
  const runners = await findTaskRunners(options);
  return runners.map(({ name, file, isSetUp, settings }) => {
    const path = shortPath(file, cwd);
    if (isSetUp) return ok("cache", `${name} (${path}) has the prompts among its inputs`);
    const what = `${name} (${path}) can replay a build of older prompts: its settings don't mention SCOPE_FETCH.`;
    return problem("cache", what, `Add to ${path}: ${JSON.stringify(settings)}`);
  });
}
