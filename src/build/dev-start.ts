import { isOutage } from "../client/index.ts";
import type { PromptRef } from "../prompt.ts";
import { loadSnapshot } from "../snapshot/store.ts";
import type { AnswerProvider } from "./answers.ts";
import type { Build } from "./build.ts";
import { DevAnswers } from "./dev-answers.ts";
import { DevFaults } from "./dev-faults.ts";
import { paceOf } from "./dev-pace.ts";
import { DevSession } from "./dev-session.ts";
import { SnapshotAnswers } from "./dev-snapshot-answers.ts";
import { DevUses } from "./dev-uses.ts";
import type { ModuleStore } from "./module-store.ts";
import type { Project } from "./project.ts";
import type { Reporter } from "./run-report.ts";

export interface DevSurroundings {
  readonly store: ModuleStore;
  readonly reporter: Reporter;
  /** What a run answers that does not keep looking, its errors included. */
  readonly policy: AnswerProvider;
  readonly begin: (answers: AnswerProvider, onImport: (specifier: string) => void) => Build;
}

/** Begins a development run: the platform is looked at where it may be asked, the snapshot elsewhere. */
export function startDev(
  project: Project,
  { store, reporter, policy, begin }: DevSurroundings,
): { readonly build: Build; readonly session: DevSession; close(): void } {
  const { options, fetchVersion, lookAt } = project;
  const uses = new DevUses(() => build.modules);
  const faults = new DevFaults(reporter, uses, options.root);
  const shared = {
    loadSnapshot: (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref),
    onChange: (ref: PromptRef) => session.update(ref),
    onFault: (ref: PromptRef, error: unknown) => faults.setRefused(ref, error),
  };
  const { connection } = options;
  const answers =
    options.fetch === "never" || fetchVersion === undefined
      ? new SnapshotAnswers({ ...shared, snapshotDir: options.snapshotDir, policy })
      : new DevAnswers({
          ...shared,
          ...options,
          ...connection,
          pace: paceOf(connection),
          isUsed: (ref) => uses.isUsed(ref),
          onSiteFault: (error) => faults.setSite(error),
          lookAt,
          isOutage,
          reporter,
        });
  const build: Build = begin(answers, (specifier) => session.imported(specifier));
  const session: DevSession = new DevSession({ project, build, store, faults, uses, reporter });
  const close = () => {
    answers.close();
    faults.close();
    session.close();
  };
  return { build, session, close };
}
