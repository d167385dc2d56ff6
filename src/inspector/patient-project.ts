import { rateLimiterOf } from "../build/dev/rate-limiter.ts";
import { TimeoutError } from "../errors/classes.ts";
import type { Project } from "../project/project.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";

/** If the config doesn't say: `live` is off. */
const REQUESTS_PER_SECOND = 10;
/** How long somebody who looks at a page waits for the platform. */
const PATIENCE_MS = 2000;
/** How long a version counts that arrived too late for its request: the next look finds it. */
const LATE_MS = 15_000;

/** One request to the platform, and when it went out. */
interface Asked {
  readonly sent: Promise<void>;
  readonly version: Promise<PromptVersionData>;
}

/**
 * Projects over one platform for people who look at a page. Their requests, together with those of a dev server in this
 * process, stay within `live.maxRequestsPerSecond`, and nobody waits longer than two seconds for one. A request that
 * takes longer continues, and anybody who asks again shares it.
 */
export function patientProjects(project: Project): {
  /** The two seconds start at the call. */
  readonly forViews: Project;
  /** The two seconds start when the request is sent: many prompts wait in line. */
  readonly forAll: Project;
} {
  const { fetchVersion, options } = project;
  if (fetchVersion === undefined) return { forViews: project, forAll: project };
  const limiter = rateLimiterOf(options.connection);
  const gapMs = 1000 / (options.live === false ? REQUESTS_PER_SECOND : options.live.maxRequestsPerSecond);
  const underWay = new Map<string, Asked>();
  const late = new Map<string, { readonly version: PromptVersionData; readonly until: number }>();

  const ask = (ref: PromptRef): Asked => {
    const key = refKey(ref);
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const sent = limiter.slot(gapMs);
    const version = sent.then(() => fetchVersion(ref)).finally(() => underWay.delete(key));
    // The caller may have given up.
    version.catch(() => {});
    underWay.set(key, { sent, version });
    return { sent, version };
  };

  const fetchWith = (begins: "asked" | "sent") => async (ref: PromptRef, signal?: AbortSignal) => {
    const key = refKey(ref);
    const found = late.get(key);
    if (found !== undefined && found.until > performance.now()) return found.version;
    late.delete(key);
    const { sent, version } = ask(ref);
    const end = new AbortController();
    try {
      return await new Promise<PromptVersionData>((done, fail) => {
        version.then(done, fail);
        signal?.addEventListener("abort", () => fail(signal.reason), { signal: end.signal });
        const wait = () => {
          if (end.signal.aborted) return;
          const timer = setTimeout(() => {
            fail(noResponse(options.connection.baseUrl));
            version.then(
              (one) => late.set(key, { version: one, until: performance.now() + LATE_MS }),
              () => {},
            );
          }, PATIENCE_MS);
          end.signal.addEventListener("abort", () => clearTimeout(timer));
        };
        if (begins === "asked") wait();
        else void sent.then(wait);
      });
    } finally {
      end.abort();
    }
  };
  return {
    forViews: { ...project, fetchVersion: fetchWith("asked") },
    forAll: { ...project, fetchVersion: fetchWith("sent") },
  };
}

function noResponse(baseUrl: string): TimeoutError {
  return new TimeoutError(`${baseUrl} sent no response for ${PATIENCE_MS / 1000} seconds.`, {
    code: "request_timeout",
    hint: "What is committed is shown. The request goes on, and its response shows when it comes.",
  });
}
