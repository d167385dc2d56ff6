import { join, relative } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import type { FoundTool, ProjectTools } from "../project-files/detect-tools.ts";
import { addPlugin } from "../project-files/edit-config.ts";
import { blindWatchers, registerInScripts } from "../project-files/edit-scripts.ts";
import type { ProjectPackage } from "../project-files/packages.ts";
import { newConfig, pluginExample, UNKNOWN_EXAMPLE } from "../project-files/plugin-example.ts";
import { findTaskRunners } from "../project-files/task-caches.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** Does every bundler of a package have its plugin? */
export function examineTools(
  { folder, tools: found }: ProjectPackage,
  snapshotDir: string,
  cwd: string,
): readonly Finding[] {
  const { tools, packageJson, unknownBuild } = found;
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
  if (unknownBuild !== undefined) {
    const what = `It is not known whether ${unknownBuild} finds scope: imports.`;
    return [...findings, warning("bundler", what, onOneLine(UNKNOWN_EXAMPLE))];
  }
  const manifest = shortPath(join(folder, "package.json"), cwd);
  if (packageJson !== undefined && registerInScripts(packageJson) !== packageJson) {
    const what = `A script of ${manifest} starts Node without --import unplugin-scope/register.`;
    return [...findings, warning("bundler", what, "Run: scope-gen init")];
  }
  const [blind] = packageJson === undefined ? [] : blindWatchers(packageJson);
  if (blind !== undefined) {
    const what = `The script "${blind}" of ${manifest} runs tsx watch, which doesn't restart after a pull.`;
    const watched = relative(folder, snapshotDir).replaceAll("\\", "/");
    return [...findings, warning("bundler", what, `Write: tsx watch --include '${watched}/**' …`)];
  }
  if (tools.length > 0) return findings;
  return [ok("bundler", "none found: plain Node takes --import unplugin-scope/register")];
}

function noPlugin(tool: FoundTool, place: string, { tools, isWorkspace }: ProjectTools): Finding {
  const { name, entry, emits, file, doubt, style } = tool;
  // Next to another build, we don't know which part of the code it handles: it may be one without prompts.
  const isOneOfSeveral = tools.some((one) => one !== tool && !one.isForTests);
  const example = onOneLine(pluginExample(tool, true));
  const byHand = `Add it by hand: ${example}`;
  if (entry === undefined) {
    // Tests may find prompts in their own way; a build that finds no prompt fails, or ships code that fails.
    const finding = emits === "map" || isOneOfSeveral ? warning : problem;
    const lack = {
      map: "does not name the",
      paths: "finds no paths in the tsconfig to the",
      relative: "there are no",
    }[emits ?? "map"];
    return finding("bundler", `${place} takes no plugin, and ${lack} files of scope-gen emit.`, example);
  }
  if (file === undefined) {
    const fix = newConfig(tool) === undefined || isWorkspace ? byHand : "Run: scope-gen init";
    return warning("bundler", `${name} has no config file, so no plugin from ${entry}.`, fix);
  }
  if (doubt !== undefined) {
    return warning(
      "bundler",
      `It is not known whether ${place} uses ${entry}. ${doubt}`,
      `If not: ${example}`,
    );
  }
  const fix = addPlugin(tool) === undefined ? byHand : "Run: scope-gen init";
  if (style === "bun" && isOneOfSeveral) return warning("bundler", `${place} does not use ${entry}.`, fix);
  return problem("bundler", `${place} does not use ${entry}.`, fix);
}

function onOneLine(example: string): string {
  return example.replaceAll("\n", " … ");
}

/** Do the task runners of the repository build again when prompts change? */
export async function examineTaskRunners(options: ResolvedOptions, cwd: string): Promise<readonly Finding[]> {
  const runners = await findTaskRunners(options);
  return runners.map(({ name, file, lacks, settings }) => {
    const path = shortPath(file, cwd);
    if (lacks.length === 0) return ok("cache", `${name} (${path}) has the prompts among its inputs`);
    const fix = `Add to ${path}: ${JSON.stringify(settings)}`;
    return problem("cache", `${name} (${path}): ${lacks.join(" ")}`, fix);
  });
}
