import { ConfigurationError, concernsEveryPrompt, isOutage } from "../errors/classes.ts";
import { isScopeError, locate, type ScopeError } from "../errors/scope-error.ts";
import { throwAll } from "../errors/scope-errors.ts";
import { committedVersions, type FindVersion } from "../project/compile-request.ts";
import type { ResolvedImport } from "../project/config/specifier.ts";
import { type ScopeUse, useAt } from "../project/discovery/find-uses.ts";
import type { Project } from "../project/project.ts";
import type { SnapshotEntry } from "../project/snapshot/format.ts";
import { loadIfSound } from "../project/snapshot/store.ts";
import { PolicySource } from "../project/versions/source.ts";
import { howToSetCredentials } from "../project/versions/version-errors.ts";
import { type Label, type Pin, type PromptRef, type PromptVersionData, refKey } from "../prompt.ts";
import { promptRequests, type SelectedImport } from "./select-imports.ts";

/** What asking the platform for one prompt gave: a version, or why there's none. */
export interface FetchedPrompt {
  /** What a build uses: of a pin what is committed, otherwise what the platform serves. */
  readonly version?: PromptVersionData;
  /** What the platform serves; undefined for a committed pin that it no longer serves. */
  readonly served?: PromptVersionData;
  /** What is committed for a pin; undefined if nothing is, and for a label. */
  readonly committed?: SnapshotEntry | undefined;
  readonly missing?: ScopeError;
  /** Why the version can't be read: a form that nobody knows, an error about this prompt alone. */
  readonly unreadable?: ScopeError;
}

/** Shows how far a command is. */
export interface CommandProgress {
  fetched(done: number, total: number, ref: PromptRef): void;
  /** Called before the type checker is loaded, which can take some seconds. */
  typeChecking(): void;
}

interface FetchOptions {
  /** What is asked for instead of each label. Default: what the import says. */
  readonly instead?: Pin | undefined;
  /** By `refKey`: these ask for `instead` whatever their pin. */
  readonly named?: ReadonlySet<string> | undefined;
  readonly progress?: CommandProgress | undefined;
}

/**
 * Fetches what the platform serves now for imports and what they include, once per prompt and pin: by `refKey` of what
 * the import says, whatever is asked for instead. Throws an outage, and refused credentials, once; what is wrong with
 * one prompt is in its entry.
 */
export async function fetchVersions(
  project: Project,
  imports: readonly Pick<SelectedImport, "request" | "uses">[],
  { instead, named, progress }: FetchOptions = {},
): Promise<ReadonlyMap<string, FetchedPrompt>> {
  const { options } = project;
  const source = platformSource(project);
  const fetched = new Map<string, FetchedPrompt>();
  const errors = new Set<unknown>();
  let refused: unknown;
  let done = 0;
  const fetchOne = async (request: ResolvedImport, use: ScopeUse | undefined) => {
    if (refused !== undefined) return [];
    const { ref } = request;
    const key = refKey(ref);
    const isReplaced = named?.has(key) || (instead?.kind === "label" && ref.pin.kind === "label");
    try {
      const pin = (isReplaced && instead) || ref.pin;
      const asked = await askPlatform(project, source, { ...ref, pin });
      fetched.set(key, asked);
      return [asked.version];
    } catch (error) {
      if (isMissing(error)) fetched.set(key, { missing: error });
      else if (concernsEveryPrompt(error)) refused ??= error;
      else if (isScopeError(error)) fetched.set(key, { unreadable: use ? locate(error, useAt(use)) : error });
      else errors.add(error);
      return [];
    } finally {
      done += 1;
      progress?.fetched(done, Math.max(done, imports.length), ref);
    }
  };
  await promptRequests(imports, options, fetchOne, (error) => errors.add(error));
  // Every prompt fails because of the same outage: report it once.
  if (source.outage !== undefined)
    throw [...fetched.values()].find(({ unreadable }) => isOutage(unreadable))?.unreadable ?? source.outage;
  if (refused !== undefined) throw refused;
  throwAll([...errors], "prompts can't be fetched");
  return fetched;
}

/** What was fetched; if it's gone or can't be read, throws why. */
export function versionIn(
  fetched: ReadonlyMap<string, FetchedPrompt> | undefined,
  ref: PromptRef,
): PromptVersionData | undefined {
  const found = fetched?.get(refKey(ref));
  const problem = found?.missing ?? found?.unreadable;
  if (problem !== undefined) throw problem;
  return found?.version;
}

/** What is committed; with a label the versions that it points at, of these imports and what they include: `work` needs them. */
export async function versionsUnder(
  label: Label | undefined,
  project: Project,
  imports: Parameters<typeof fetchVersions>[1],
  work: string,
  progress?: CommandProgress,
): Promise<FindVersion> {
  if (label === undefined) return committedVersions(project.options);
  needsPlatform(project, work);
  const fetched = await fetchVersions(project, imports, { instead: { kind: "label", label }, progress });
  const unreadable = [...fetched.values()].flatMap((one) => one.unreadable ?? []);
  throwAll(unreadable, "prompts can't be fetched");
  return async (ref) => versionIn(fetched, ref);
}

/** The platform is asked for everything, whatever is committed. */
export function platformSource(project: Project): PolicySource {
  return new PolicySource(project, { info() {}, warn() {} }, { isForCommand: true });
}

/** Asks a {@link platformSource}, which may not serve a committed pin any more: the platform archives versions. */
export async function askPlatform(
  { options }: Project,
  source: PolicySource,
  ref: PromptRef,
): Promise<FetchedPrompt & { readonly version: PromptVersionData }> {
  const committed = ref.pin.kind === "version" ? await loadIfSound(options.snapshotDir, ref) : undefined;
  try {
    const { version } = await source.get(ref);
    return { version: committed?.version ?? version, served: version, committed };
  } catch (error) {
    if (committed === undefined || !isMissing(error)) throw error;
    return { version: committed.version, committed };
  }
}

const MISSING = ["prompt_not_found", "no_production_version", "snapshot_missing"] as const;

/** No such prompt, no such version, a label that points at nothing, or nothing committed to fall back on. */
export function isMissing(error: unknown): error is ScopeError {
  return MISSING.some((code) => isScopeError(error, code));
}

/** Can this run ask the platform? */
export function mayAsk({ options, fetchVersion }: Project): boolean {
  return options.fetch !== "never" && fetchVersion !== undefined;
}

/** Refuses work that needs the platform when it can't be asked; `work` begins a sentence: `A pull`. */
export function needsPlatform({ options, fetchVersion }: Project, work: string): void {
  if (options.fetch === "never")
    throw new ConfigurationError(
      `${work} needs the platform, but --fetch never or SCOPE_FETCH=never forbids it.`,
      { code: "fetch_never", hint: "Run it without --fetch never and SCOPE_FETCH=never." },
    );
  if (fetchVersion === undefined)
    throw new ConfigurationError(`${work} needs the platform, but no Scope credentials are set.`, {
      code: "build_credentials_needed",
      hint: `${howToSetCredentials(options.root)}. Without an account, start a local platform: scope-gen serve --write-env .env.local`,
    });
}
