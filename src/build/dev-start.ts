import { isOutage } from "../client/index.ts";
import type { PromptRef } from "../prompt.ts";
import { loadSnapshot } from "../snapshot/store.ts";
import type { AnswerProvider } from "./answers.ts";
import type { Build } from "./build.ts";
import { DevAnswers } from "./dev-answers.ts";
import { DevFaults } from "./dev-faults.ts";
import { DevSession } from "./dev-session.ts";
import { SnapshotAnswers } from "./dev-snapshot-answers.ts";
import type { ModuleStore } from "./module-store.ts";
import type { Pace } from "./poller.ts";
import type { Project } from "./project.ts";
import type { Reporter } from "./run-report.ts";

export interface DevSurroundings {
  readonly store: ModuleStore;
  readonly reporter: Reporter;
  /** What a run answers that does not keep looking, its errors included. */
  readonly policy: AnswerProvider;
  readonly begin: (answers: AnswerProvider) => Build;
}

/** By platform and organisation: however many runs look at it, the process keeps within the rate. */
const paces = new Map<string, Pace>();

/** Begins a development run: the platform is looked at where it may be asked, the snapshot elsewhere. */
export function startDev(
  project: Project,
  { store, reporter, policy, begin }: DevSurroundings,
): { readonly build: Build; readonly session: DevSession; close(): void } {
  const { options, fetchVersion, lookAt } = project;
  const faults = new DevFaults(reporter);
  const shared = {
    loadSnapshot: (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref),
    onChange: (ref: PromptRef) => session.update(ref),
    onFault: (ref: PromptRef, error: unknown) => faults.setRefused(ref, error),
  };
  const { environment, baseUrl, credentials } = options.connection;
  const platform = JSON.stringify([baseUrl, credentials?.orgId]);
  const pace = paces.get(platform) ?? { notBefore: 0 };
  paces.set(platform, pace);
  const answers =
    options.fetch === "never" || fetchVersion === undefined
      ? new SnapshotAnswers({ ...shared, snapshotDir: options.snapshotDir, policy })
      : new DevAnswers({ ...shared, ...options, environment, pace, lookAt, isOutage, reporter });
  const build = begin(answers);
  const session: DevSession = new DevSession({ project, build, store, faults, reporter });
  const close = () => {
    answers.close();
    session.close();
  };
  return { build, session, close };
}
