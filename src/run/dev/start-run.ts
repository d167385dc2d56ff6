import { inDevelopment, type Project } from "../../project/project.ts";
import { Compilation, type Surroundings } from "../compilation.ts";
import type { DevSession } from "./session.ts";

export interface StartedRun {
  readonly project: Project;
  readonly compilation: Compilation;
  /** Keeps a running development server up to date; undefined in builds and test runs. */
  readonly session?: DevSession | undefined;
}

/**
 * Starts one run over a project: a build resolves each prompt once, development serves and keeps polling. A test run is
 * a build with the modules of development.
 */
export async function startRun(project: Project, surroundings: Surroundings): Promise<StartedRun> {
  const { isTestRun } = project.options;
  const development = surroundings.development || isTestRun;
  const opened = development ? inDevelopment(project) : project;
  if (isTestRun || !development)
    return { project, compilation: new Compilation(opened, { ...surroundings, development }) };
  const { DevSession } = await import("./session.ts");
  const session = new DevSession(opened, surroundings);
  return { project, compilation: session.compilation, session };
}
