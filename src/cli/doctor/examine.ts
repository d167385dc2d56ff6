import { resolve } from "node:path";
import { openProject, type Project } from "../../build/project.ts";
import { selectImports } from "../../build/select-imports.ts";
import { findUses } from "../../discovery/find-uses.ts";
import { flatten, shortPath } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import type { PromptRef } from "../../prompt.ts";
import type { CliIo } from "../io.ts";
import { detectTools } from "../project-files/detect-tools.ts";
import { examineCredentials } from "./examine-credentials.ts";
import { examineSnapshot, examineTools, examineTsconfig } from "./examine-files.ts";
import { examinePlatform } from "./examine-platform.ts";
import { examineNode, examineVersions } from "./examine-versions.ts";
import { type Finding, ok, problem } from "./finding.ts";

export interface ExamineInput {
  readonly io: CliIo;
  readonly cwd: string;
  readonly config?: string | undefined;
  readonly mode?: string | undefined;
  readonly fetch?: string | undefined;
}

/** Looks at everything that has to be right, and goes on where something is not. Writes nothing. */
export async function examine(input: ExamineInput): Promise<readonly Finding[]> {
  const { io, cwd } = input;
  const findings: Finding[] = [examineNode(process.versions.node)];
  const project = await open(input, findings);
  const root = project?.options.root ?? cwd;
  const tools = await detectTools(root);
  findings.push(...(await examineVersions(root, tools)));
  if (project !== undefined) {
    try {
      findings.push(...(await examineCredentials(project.options, io.env)));
      findings.push(...(await examinePlatform(project.options, await firstPrompt(project), io.signal)));
      findings.push(...(await examineSnapshot(project, cwd)));
      findings.push(...(await examineTsconfig(project.options, cwd)));
    } finally {
      await project.close();
    }
  }
  findings.push(...examineTools(tools, cwd));
  return findings;
}

async function open(
  { io, cwd, config, mode, fetch }: ExamineInput,
  findings: Finding[],
): Promise<Project | undefined> {
  try {
    const project = await openProject({
      cwd,
      mode,
      configFile: config === undefined ? undefined : resolve(cwd, config),
      env: io.env,
      flags: { fetch },
      isTestRun: false,
    });
    const { configFile } = project.options;
    findings.push(
      ok(
        "config",
        configFile === undefined ? "none, which is fine: defaults hold" : shortPath(configFile, cwd),
      ),
    );
    return project;
  } catch (error) {
    for (const one of flatten(error)) {
      if (!isScopeError(one)) throw error;
      const check = one.code === "credentials_missing" ? "credentials" : "config";
      const file = one.where?.file === undefined ? "" : `${shortPath(one.where.file, cwd)}: `;
      findings.push(problem(check, file + one.message, one.hint));
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
    // A specifier or a source that cannot be read is told with the snapshot.
    if (isScopeError(error)) return undefined;
    throw error;
  }
}
