import { openProject, type Project } from "../../build/project.ts";
import { findUses } from "../../discovery/find-uses.ts";
import { flatten, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { PromptRef } from "../../prompt.ts";
import { selectImports } from "../../tasks/select-imports.ts";
import { refuseWorkspaceRoot } from "../configs-below.ts";
import type { CommandContext } from "../context.ts";
import { detectTools } from "../project-files/detect-tools.ts";
import { findPackages, type ProjectPackage } from "../project-files/packages.ts";
import { examineCredentials } from "./examine-credentials.ts";
import { examineSnapshot, examineTsconfig } from "./examine-files.ts";
import { examinePlatform } from "./examine-platform.ts";
import { examineTaskRunners, examineTools } from "./examine-tools.ts";
import { examineNode, examineVersions } from "./examine-versions.ts";
import { type Finding, ok, problemsOf } from "./finding.ts";

/** Examines everything that has to be right, and goes on where something is not. Writes nothing. */
export async function examine(context: CommandContext): Promise<readonly Finding[]> {
  const { io, cwd } = context;
  const findings: Finding[] = [examineNode(process.versions.node)];
  /** What keeps one thing from being examined is what is wrong with it, and no reason not to examine the others. */
  const examineOne = async (check: string, work: () => Promise<readonly Finding[]>): Promise<void> => {
    try {
      findings.push(...(await work()));
    } catch (error) {
      findings.push(...problemsOf(check, error, cwd, "Check that what it names is there and can be read."));
    }
  };
  const project = await open(context, findings);
  let packages: readonly ProjectPackage[] = [];
  await examineOne("bundler", async () => {
    packages =
      project === undefined
        ? [{ folder: cwd, tools: await detectTools(cwd) }]
        : await findPackages(project.options, cwd);
    return [];
  });
  if (project !== undefined && project.options.configFile === undefined) {
    await examineOne("config", async () => {
      await refuseWorkspaceRoot(project.options.root);
      return [];
    });
  }
  const [first] = packages;
  await examineOne("package", () =>
    examineVersions(first?.folder ?? cwd, first?.tools.packageManager ?? "npm"),
  );
  if (project !== undefined) {
    const { options } = project;
    try {
      await examineOne("credentials", () => examineCredentials(options, io.env));
      await examineOne("platform", async () => examinePlatform(options, await firstPrompt(project)));
      await examineOne("snapshot", () => examineSnapshot(project, cwd));
      // Where a bundler's config cannot be read, there is still the tsconfig of this folder.
      const folders = packages.length > 0 ? packages.map(({ folder }) => folder) : [options.root];
      for (const folder of folders) await examineOne("tsconfig", () => examineTsconfig(options, folder, cwd));
      await examineOne("cache", () => examineTaskRunners(options, cwd));
    } finally {
      await project.close();
    }
  }
  findings.push(...packages.flatMap((one) => examineTools(one, cwd)));
  return findings;
}

async function open({ cwd, loading }: CommandContext, findings: Finding[]): Promise<Project | undefined> {
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

/** A prompt to try the platform with: the first that the project asks for. */
async function firstPrompt({ options }: Project): Promise<PromptRef | undefined> {
  try {
    const { uses } = await findUses(options);
    return selectImports(options, uses)[0]?.request.ref;
  } catch (error) {
    // A specifier or a source that cannot be read is reported with the snapshot.
    if (isScopeError(error)) return undefined;
    throw error;
  }
}
