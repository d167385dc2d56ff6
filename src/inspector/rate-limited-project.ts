import type { Project } from "../build/project.ts";
import { rateLimiterOf } from "../dev/rate-limiter.ts";

/** Where the config says nothing: `live` is off. */
const REQUESTS_PER_SECOND = 10;

/** A project whose requests, together with those of a dev server in this process, keep to `live.maxRequestsPerSecond`. */
export function rateLimitedProject(project: Project): Project {
  const { fetchVersion, options } = project;
  if (fetchVersion === undefined) return project;
  const limiter = rateLimiterOf(options.connection);
  const perSecond = options.live === false ? REQUESTS_PER_SECOND : options.live.maxRequestsPerSecond;
  return {
    ...project,
    async fetchVersion(ref, signal) {
      await limiter.slot(1000 / perSecond);
      return fetchVersion(ref, signal);
    },
  };
}
