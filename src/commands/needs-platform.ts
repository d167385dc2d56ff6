import { ConfigurationError } from "../errors/classes.ts";
import type { Project } from "../project/project.ts";

/**
 * Refuses work that needs the platform when it can't be asked.
 *
 * @param work what needs it, as the beginning of a sentence: `A pull`
 * @throws ConfigurationError `fetch_never`, `build_credentials_needed`
 */
export function needsPlatform({ options, fetchVersion }: Project, work: string): void {
  if (options.fetch === "never") {
    throw new ConfigurationError(
      `${work} always needs the platform, and --fetch never or SCOPE_FETCH=never keeps it away.`,
      {
        code: "fetch_never",
        hint: "Run it without --fetch never and SCOPE_FETCH=never.",
      },
    );
  }
  if (fetchVersion === undefined) {
    throw new ConfigurationError(`${work} needs the platform, and no Scope credentials are set.`, {
      code: "build_credentials_needed",
      hint: "Set SCOPE_ORG_ID, SCOPE_API_KEY and SCOPE_API_SECRET. Without an account: scope-gen serve starts a local platform.",
    });
  }
}
