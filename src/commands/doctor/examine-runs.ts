import { basename, join, relative } from "node:path";
import { shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import { readRuns, type ToolRun } from "../../project/runs.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** Tools whose runs are tests, and ship nothing. */
const TESTS = new Set(["vitest"]);
const isTest = (path: string) =>
  path.split("/").includes("__tests__") || /\.(?:test|spec)\./.test(basename(path));

/** Which tools have run with the plugin, and which files import prompts that no run has built. */
export async function examineRuns(options: ResolvedOptions, cwd: string): Promise<readonly Finding[]> {
  const { root } = options;
  const { uses } = await findUses(options);
  if (uses.length === 0) return [];
  const runs = await readRuns(root);
  if (runs.length === 0) {
    const what = "No build, dev server or process has run with the plugin here yet.";
    return [warning("runs", what, "Start what you use once, then run: scope-gen doctor")];
  }
  const findings = runs.map(({ tool, at, files }) => {
    const count = Object.keys(files).length;
    return ok(
      "runs",
      printableLine(`${tool} built ${count} ${count === 1 ? "file" : "files"} with prompts, last on ${at}`),
    );
  });
  for (const file of new Set(uses.map((use) => use.file))) {
    const path = relative(root, file).replaceAll("\\", "/");
    // Not each prompt of it: a test replaces some, and a new import is built with the next run.
    const isBuilt = ({ tool, files }: ToolRun) =>
      (isTest(path) || !TESTS.has(tool)) && Object.hasOwn(files, path);
    if (runs.some(isBuilt)) continue;
    const specifiers = new Set(uses.filter((use) => use.file === file).map(({ specifier }) => specifier));
    const what = `${shortPath(join(root, path), cwd)} imports ${[...specifiers].join(", ")}; no run has built it.`;
    const fix =
      "Add the plugin to what builds this file (unplugin-scope/docs/recipes/bundlers.md), and run that once.";
    findings.push(warning("runs", printableLine(what), fix));
  }
  return findings;
}
