import type { Project } from "../../project/project.ts";
import type { PromptRef } from "../../prompt.ts";
import { Build, type Surroundings } from "../build.ts";
import { DevSource } from "./dev-source.ts";
import { rateLimiterOf } from "./poller.ts";
import { PollingClient } from "./polling-client.ts";
import { DevProblems } from "./problems.ts";
import { DevSession } from "./session.ts";
import type { StartedRun } from "./start-run.ts";

export function startDev(project: Project, surroundings: Surroundings): StartedRun {
  const { options } = project;
  const { connection, live } = options;
  const { reporter } = surroundings;
  const problems = new DevProblems(reporter, () => build.modules);
  const rateLimiter = rateLimiterOf(connection);
  const client =
    options.fetch !== "never" && connection.credentials !== undefined
      ? new PollingClient(connection, rateLimiter, live === false ? 0 : 1000 / live.maxRequestsPerSecond)
      : undefined;
  const source = new DevSource({
    options,
    reporter,
    rateLimiter,
    // An open inspector polls too: what it has just fetched isn't asked again.
    fetchVersion:
      client &&
      (async (ref: PromptRef) =>
        client.known(ref, live === false ? 0 : live.intervalMs / 2) ?? client.fetch(ref)),
    isUsed: (ref) => problems.isUsed(ref),
    onChange: (ref) => session.update(ref),
    onSiteProblem: (error) => problems.setSite(error),
  });
  const onRequest: Surroundings["onRequest"] = (...asked) => session.requested(...asked);
  const onImport = (specifier: string) => session.imported(specifier);
  const build: Build = new Build(project, { ...surroundings, source, onRequest, onImport });
  const session: DevSession = new DevSession({ project, build, problems, client, reporter });
  return {
    build,
    session,
    async close() {
      source.close();
      problems.close();
      session.close();
      await client?.close();
    },
  };
}
