import { basename, join, relative } from "node:path";
import { processEnv } from "../../environment.ts";
import { flatten, shortPath } from "../../errors/format-error.ts";
import { printableLine } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { LoadOptionsInput } from "../../project/config/load-options.ts";
import { refuseWorkspaceRoot } from "../../project/config/package-manager.ts";
import type { ResolvedOptions } from "../../project/config/types.ts";
import { findUses } from "../../project/discovery/find-uses.ts";
import { openProject, type Project } from "../../project/project.ts";
import { readRuns, type ToolRun } from "../../project/runs.ts";
import { findPackages, type ProjectPackage } from "../project-files/packages.ts";
import { detectTools } from "../project-files/tools.ts";
import { distinctRefs } from "../select-imports.ts";
import { examineCredentials } from "./examine-credentials.ts";
import { examineSnapshot, examineTsconfig } from "./examine-files.ts";
import { examinePlatform } from "./examine-platform.ts";
import { examineNode, examineVersions } from "./examine-versions.ts";
import { type Finding, ok, problemsOf, warning } from "./finding.ts";
import { type ReadableImports, readableImports } from "./readable-imports.ts";

/**
 * Examines everything that has to be right, and carries on when something isn't. Writes nothing.
 *
 * @param loading what opens the project; files are named relative to its `cwd`
 */
export async function examine(loading: LoadOptionsInput): Promise<readonly Finding[]> {
  const { cwd } = loading;
  const findings: Finding[] = [examineNode(process.versions.node)];
  /** If one thing can't be examined, that's its finding, and no reason to skip the others. */
  const examineOne = async (check: string, work: () => Promise<readonly Finding[]>): Promise<void> => {
    try {
      findings.push(...(await work()));
    } catch (error) {
      findings.push(...problemsOf(check, error, cwd, "Check that what it names is there and can be read."));
    }
  };
  const project = await open(loading, findings);
  const { imports, users } = project === undefined ? NO_IMPORTS : await readableImports(project.options);
  let packages: readonly ProjectPackage[] = [];
  await examineOne("project", async () => {
    packages =
      project === undefined
        ? [{ folder: cwd, tools: await detectTools(cwd) }]
        : await findPackages(project.options, cwd, users);
    return [];
  });
  if (project !== undefined && project.options.configFile === undefined) {
    await examineOne("config", async () => {
      await refuseWorkspaceRoot(project.options.root);
      return [];
    });
  }
  const [first] = packages;
  await examineOne("package", async () =>
    examineVersions(first?.folder ?? cwd, first?.tools.packageManager ?? "npm", first?.tools.isWorkspace),
  );
  if (project !== undefined) {
    const { options } = project;
    const refs = distinctRefs(imports).map(({ request }) => request.ref);
    try {
      await examineOne("credentials", () => examineCredentials(options, loading.env ?? processEnv()));
      await examineOne("platform", () => examinePlatform(options, refs, cwd));
      await examineOne("snapshot", () => examineSnapshot(project, cwd));
      // If a bundler's config can't be read, there's still this folder's tsconfig.
      const folders = packages.length > 0 ? packages.map(({ folder }) => folder) : [options.root];
      for (const folder of folders)
        await examineOne("tsconfig", () => examineTsconfig(options, folder, users, cwd));
      await examineOne("runs", () => examineRuns(options, cwd));
    } finally {
      await project.close();
    }
  }
  return findings;
}

async function open(loading: LoadOptionsInput, findings: Finding[]): Promise<Project | undefined> {
  const { cwd } = loading;
  try {
    const project = await openProject(loading);
    const { configFile } = project.options;
    findings.push(
      ok("config", configFile === undefined ? "none: the defaults apply" : shortPath(configFile, cwd)),
    );
    return project;
  } catch (error) {
    for (const one of flatten(error)) {
      const check = isScopeError(one, "credentials_missing") ? "credentials" : "config";
      findings.push(...problemsOf(check, one, cwd));
    }
    return undefined;
  }
}

const NO_IMPORTS: ReadableImports = { imports: [], users: [] };

/** Tools whose runs are tests, and ship nothing. */
const TESTS = new Set(["vitest"]);
const isTest = (path: string) =>
  path.split("/").includes("__tests__") || /\.(?:test|spec)\./.test(basename(path));

/** Which tools have run with the plugin, and which files import prompts that no run has built. */
async function examineRuns(options: ResolvedOptions, cwd: string): Promise<readonly Finding[]> {
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
