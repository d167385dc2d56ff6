import { inDevelopment, type Project } from "../../project/project.ts";
import type { Build } from "../build.ts";
import { type Surroundings, startBuild } from "../start-build.ts";
import type { DevSession } from "./session.ts";

/** A running build or development run. */
export interface StartedRun {
  readonly build: Build;
  /** Keeps a running development server up to date; undefined in builds and test runs. */
  readonly session: DevSession | undefined;
  /** Ends polling. The project closes its own connections. */
  close(): Promise<void>;
}

/**
 * Starts one run over a project: a build resolves each prompt once, development serves and keeps polling.
 *
 * @param surroundings `watches`: development continues after the first build
 */
export async function startRun(
  project: Project,
  surroundings: Surroundings & { readonly watches: boolean },
): Promise<StartedRun> {
  const { development, watches } = surroundings;
  const opened = development ? inDevelopment(project) : project;
  if (!development || !watches || project.options.isTestRun) {
    return { build: startBuild(opened, surroundings), session: undefined, close: async () => {} };
  }
  const { startDev } = await import("./start-dev.ts");
  return startDev(opened, surroundings);
}
