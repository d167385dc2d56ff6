import pMap from "p-map";
import { locate } from "../errors/add-to-error.ts";
import { AuthenticationError, ConfigurationError } from "../errors/classes.ts";
import { isScopeError, type ScopeError } from "../errors/scope-error.ts";
import { partialRequests } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import { placeOf, type ScopeUse } from "../project/discovery/find-uses.ts";
import { type Project, versionResolver } from "../project/project.ts";
import type { Reporter } from "../project/reporter.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import type { VersionResolver } from "../project/versions/version-resolver.ts";
import { type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { throwAll } from "./select-imports.ts";

/** What the platform says about one prompt: a version, or that there is none. */
export type Fetched =
  | {
      readonly request: ResolvedImport;
      readonly version: PromptVersionData;
      /** `false`: a pinned version that the platform no longer serves, as it's committed. */
      readonly isServed: boolean;
      readonly missing?: undefined;
    }
  | {
      readonly request: ResolvedImport;
      readonly version?: undefined;
      readonly isServed?: undefined;
      readonly missing: ScopeError;
    };

export interface FetchVersionsOptions {
  /** Asks for something other than what an import says: another label. Default: what it says. */
  readonly ask?: ((ref: PromptRef) => PromptRef) | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

const SILENT: Reporter = { info() {}, warn() {} };

export interface FetchProgress {
  readonly done: number;
  readonly total: number;
  readonly ref: PromptRef;
}

/**
 * Fetches what the platform serves now for some imports, and for the prompts that they include, once per prompt and
 * pin. A missing prompt is a result too.
 *
 * @returns by `refKey` of what the import says
 * @throws the client's errors, all of a run at once; an outage, and refused credentials, once
 */
export async function fetchVersions(
  project: Project,
  imports: readonly { readonly request: ResolvedImport; readonly uses: readonly ScopeUse[] }[],
  { ask = (ref) => ref, onProgress }: FetchVersionsOptions = {},
): Promise<ReadonlyMap<string, Fetched>> {
  const { options } = project;
  const resolver = platformResolver(project);
  const fetched = new Map<string, Fetched>();
  const errors = new Set<unknown>();
  let refused: unknown;
  const seen = new Set<string>();
  const add = async (request: ResolvedImport): Promise<void> => {
    const key = refKey(request.ref);
    // The same prompt in another syntax may include other prompts.
    const dialect = `${key} ${request.syntax}`;
    if (seen.has(dialect)) return;
    seen.add(dialect);
    try {
      const { version, source } = await resolver.resolve(ask(request.ref));
      fetched.set(key, { request, version, isServed: source === "platform" });
      for (const partial of partialRequests(request, version, options).values()) await add(partial);
    } catch (error) {
      if (!isMissing(error)) throw error;
      fetched.set(key, { request, missing: error });
    }
  };
  let done = 0;
  await pMap(
    imports,
    async ({ request, uses: [use] }) => {
      if (refused !== undefined) return;
      try {
        await add(request);
      } catch (error) {
        if (isAboutCredentials(error)) refused ??= error;
        else errors.add(use && isScopeError(error) ? locate(error, placeOf(use)) : error);
      }
      done += 1;
      onProgress?.({ done, total: imports.length, ref: request.ref });
    },
    { concurrency: options.concurrency },
  );
  // Every prompt fails because of the same outage: report it once.
  if (resolver.outage !== undefined) throw [...errors][0];
  if (refused !== undefined) throw refused;
  throwAll([...errors], "prompts cannot be fetched");
  return fetched;
}

/**
 * The platform is asked for everything. What is committed doesn't affect what is fetched, except for a pinned version
 * that the platform no longer serves.
 */
export function platformResolver(project: Project): VersionResolver {
  const loadSnapshot = async (ref: PromptRef) =>
    ref.pin.kind === "version" ? loadIfSound(project.options.snapshotDir, ref) : undefined;
  return versionResolver(project, SILENT, { fetch: "always", isForCommand: true, loadSnapshot });
}

/** Refused or unusable credentials: that affects every prompt, and isn't about one import. */
export function isAboutCredentials(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ConfigurationError;
}

const MISSING = ["prompt_not_found", "no_production_version", "snapshot_missing"] as const;

/** No such prompt, no such version, a label that points at nothing, or nothing committed to fall back on. */
export function isMissing(error: unknown): error is ScopeError {
  return MISSING.some((code) => isScopeError(error, code));
}
