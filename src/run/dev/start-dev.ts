import { unwatchFile, watchFile } from "node:fs";
import type { Project } from "../../project/project.ts";
import { loadSnapshot } from "../../project/snapshot/store.ts";
import { PolicySource, type Source } from "../../project/versions/source.ts";
import type { PromptRef } from "../../prompt.ts";
import type { Build } from "../build.ts";
import { type Surroundings, startBuild } from "../start-build.ts";
import { SnapshotVersions } from "./dev-versions.ts";
import { PlatformVersions } from "./platform-versions.ts";
import { PollingClient } from "./polling-client.ts";
import { DevProblems } from "./problems.ts";
import { rateLimiterOf } from "./rate-limiter.ts";
import { DevSession } from "./session.ts";
import type { StartedRun } from "./start-run.ts";
import { UsedModules } from "./used-modules.ts";

/** Starts a development run: polls the platform if that's allowed, otherwise watches the snapshot. */
export function startDev(project: Project, surroundings: Surroundings): StartedRun {
  const { options } = project;
  const { connection, live } = options;
  const { reporter } = surroundings;
  const uses = new UsedModules(() => build.modules);
  const problems = new DevProblems(reporter, uses);
  const shared = {
    loadSnapshot: (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref),
    onChange: (ref: PromptRef) => session.update(ref),
  };
  const asksPlatform = options.fetch !== "never" && connection.credentials !== undefined;
  const rateLimiter = rateLimiterOf(connection);
  const client = asksPlatform
    ? new PollingClient(connection, rateLimiter, live === false ? 0 : 1000 / live.maxRequestsPerSecond)
    : undefined;
  const platform =
    client &&
    new PlatformVersions({
      ...shared,
      ...options,
      ...connection,
      rateLimiter,
      isUsed: (ref) => uses.isUsed(ref),
      onSiteProblem: (error) => problems.setSite(error),
      // An open inspector polls too: what it has just fetched isn't asked again.
      fetchVersion: async (ref) =>
        client.known(ref, live === false ? 0 : live.intervalMs / 2) ?? (await client.fetch(ref)),
      reporter,
    });
  const policy = platform ?? new PolicySource(project, reporter);
  const committed = new SnapshotVersions({ ...shared, snapshotDir: options.snapshotDir, policy });
  const source: Source = {
    // A pin on a version is what is committed, and only a pull changes that.
    get: (ref) => (ref.pin.kind === "version" ? committed : (platform ?? committed)).get(ref),
  };
  const onImport = (specifier: string) => session.imported(specifier);
  const build: Build = startBuild(project, surroundings, { source, onImport });
  const session: DevSession = new DevSession({ project, build, problems, uses, client, reporter });
  const onDisk = () => session.compareWithDisk();
  if (platform !== undefined) watchFile(options.snapshotDir, { interval: 1000, persistent: false }, onDisk);
  const close = async () => {
    unwatchFile(options.snapshotDir, onDisk);
    platform?.close();
    committed.close();
    problems.close();
    session.close();
    await client?.close();
  };
  return { build, session, close };
}
