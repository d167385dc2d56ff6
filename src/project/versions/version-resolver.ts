import pLimit from "p-limit";
import { debug } from "../../debug.ts";
import { isOutage } from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../../prompt.ts";
import type { FetchPolicy } from "../config/types.ts";
import { isMergeConflict, type SnapshotEntry } from "../snapshot/format.ts";
import { Outage } from "./outage.ts";
import {
  adviseMissing,
  credentialsNeeded,
  isUnknownForm,
  notFetched,
  platformDown,
  renamedWarning,
  unknownFormWarning,
} from "./version-errors.ts";

/** Where a resolved version came from, as the manifest says it. */
export type VersionSource = "platform" | "snapshot" | "stale-snapshot";

/** One prompt of a run, resolved: the version to compile, and the committed one. */
export interface ResolvedVersion {
  readonly ref: PromptRef;
  readonly version: PromptVersionData;
  readonly source: VersionSource;
  readonly environment: string;
  /** What is committed; undefined if nothing is (or, while fetching, if it can't be read). */
  readonly snapshot: SnapshotEntry | undefined;
  /** In a development server: another version, that `live.label` points at. */
  readonly preview?: PromptVersionData | undefined;
  /** In a development server: why the current version, or the preview, can't be used. */
  readonly problem?: unknown;
}

/** Gives each prompt of a build its version. */
export interface VersionProvider {
  resolve(ref: PromptRef): Promise<ResolvedVersion>;
  /** The prompts that kept their committed version because of an outage. */
  readonly stale: readonly ResolvedVersion[];
  /** Why the platform counts as down; undefined while it doesn't. */
  readonly outage: unknown;
}

export interface VersionResolverOptions {
  readonly fetch: FetchPolicy;
  /** A command that is about what the platform has, whatever the config says. Default false. */
  readonly isForCommand?: boolean;
  /** Fails at a snapshot file in a merge conflict, with which no version can be compared. Default false. */
  readonly failsAtConflict?: boolean;
  readonly environment: string;
  readonly concurrency: number;
  /** Fetches one version; undefined when there are no credentials. */
  readonly fetchVersion: ((ref: PromptRef, signal: AbortSignal) => Promise<PromptVersionData>) | undefined;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** The ID of a prompt that is committed, under any pin. */
  readonly promptIdOf: (name: string) => Promise<string | undefined>;
  /** Names that are configured or committed, to find the nearest one to a missing name. */
  readonly knownNames: () => Promise<readonly string[]>;
  readonly warn: (text: string) => void;
  readonly info: (text: string) => void;
}

/**
 * The fetch policy of one run: every compiler and environment of a command asks here, and each prompt is resolved once.
 * A pin on a version is what is committed for it: the platform may archive a version, or let it be edited under its ID.
 */
export class VersionResolver implements VersionProvider {
  readonly #options: VersionResolverOptions;
  readonly #resolved = new Map<string, Promise<ResolvedVersion>>();
  readonly #stale: ResolvedVersion[] = [];
  readonly #outage: Outage;
  readonly #limit;
  #withoutSnapshot = 0;
  #saidNoCredentials = false;

  constructor(options: VersionResolverOptions) {
    this.#options = options;
    this.#outage = new Outage(() => options.fetch === "auto" && this.#withoutSnapshot === 0);
    this.#limit = pLimit(options.concurrency);
  }

  get stale(): readonly ResolvedVersion[] {
    return this.#stale;
  }

  get outage(): unknown {
    return this.#outage.verdict;
  }

  /**
   * @throws the client's error for a refusal (under every policy that fetches), `build_platform_down`,
   * `build_credentials_needed`, `snapshot_missing`, or what a damaged snapshot file throws if it's used
   */
  resolve(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    let resolved = this.#resolved.get(key);
    if (resolved === undefined) {
      resolved = this.#find(ref);
      this.#resolved.set(key, resolved);
    }
    return resolved;
  }

  /** Forgets a resolved version; if requested again, it's fetched again. For runs too large for memory. */
  forget(ref: PromptRef): void {
    this.#resolved.delete(refKey(ref));
  }

  async #find(ref: PromptRef): Promise<ResolvedVersion> {
    const { fetch, fetchVersion } = this.#options;
    if (fetch === "never") return this.#fromSnapshot(ref, 'fetch is "never"');
    if (ref.pin.kind === "version") {
      const committed = await this.#options.loadSnapshot(ref);
      debug(() => `${refText(ref)}: pinned, ${committedText(committed)}`);
      if (committed !== undefined) return resolvedFromSnapshot(committed, "snapshot");
    }
    if (fetchVersion === undefined) {
      if (fetch === "always") throw credentialsNeeded();
      this.#sayNoCredentials();
      return this.#fromSnapshot(ref, "there are no credentials");
    }
    const snapshot = await this.#loadIfSound(ref);
    try {
      const version = await this.#fetch(ref, fetchVersion, snapshot !== undefined);
      if (version.renamedTo !== undefined) this.#options.warn(renamedWarning(ref, version.renamedTo));
      debug(() => `${refText(ref)}: ${versionText(version)} from the platform, ${committedText(snapshot)}`);
      return { ref, version, source: "platform", environment: this.#options.environment, snapshot };
    } catch (error) {
      debug(() => `${refText(ref)}: not from the platform, ${errorText(error)}; ${committedText(snapshot)}`);
      if (isUnknownForm(error) && snapshot !== undefined && !this.#options.isForCommand) {
        this.#options.warn(unknownFormWarning(error, snapshot.version));
        return resolvedFromSnapshot(snapshot, "stale-snapshot");
      }
      if (!isOutage(error)) throw await adviseMissing(error, ref, snapshot, this.#options);
      if (this.#options.isForCommand) throw platformDown(ref, error);
      if (fetch === "always") throw platformDown(ref, error, 'fetch is "always"');
      return this.#fallBack(ref, error);
    }
  }

  async #fetch(
    ref: PromptRef,
    fetchVersion: NonNullable<VersionResolverOptions["fetchVersion"]>,
    hasSnapshot: boolean,
  ): Promise<PromptVersionData> {
    if (!hasSnapshot) this.#withoutSnapshot += 1;
    try {
      return await fetchByNameOrId(
        ref,
        (one) => this.#limit(() => this.#outage.watch((signal) => fetchVersion(one, signal))),
        () => this.#options.promptIdOf(ref.name),
      );
    } finally {
      if (!hasSnapshot) this.#withoutSnapshot -= 1;
    }
  }

  /** The committed version instead of the platform's. A damaged file matters now, and reports itself. */
  async #fallBack(ref: PromptRef, outage: unknown): Promise<ResolvedVersion> {
    const snapshot = await this.#options.loadSnapshot(ref);
    if (snapshot === undefined) throw platformDown(ref, outage, "nothing is committed for this prompt");
    debug(() => `${refText(ref)}: ${versionText(snapshot.version)} from the snapshot, the platform is down`);
    const resolved = resolvedFromSnapshot(snapshot, "stale-snapshot");
    this.#stale.push(resolved);
    return resolved;
  }

  async #fromSnapshot(ref: PromptRef, why: string): Promise<ResolvedVersion> {
    const snapshot = await this.#options.loadSnapshot(ref);
    if (snapshot === undefined) throw notFetched(ref, await this.#options.knownNames(), this.#options.fetch);
    debug(() => `${refText(ref)}: ${versionText(snapshot.version)} from the snapshot, ${why}`);
    return resolvedFromSnapshot(snapshot, "snapshot");
  }

  async #loadIfSound(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    try {
      return await this.#options.loadSnapshot(ref);
    } catch (error) {
      if (this.#options.failsAtConflict && isMergeConflict(error)) throw error;
      const { message, where } = error as { message: string; where?: { file?: string } };
      this.#options.warn(
        `${printableLine(message)}${where?.file ? ` (${where.file})` : ""} This build doesn't use it; fix it with: scope-gen pull`,
      );
      return undefined;
    }
  }

  #sayNoCredentials(): void {
    if (this.#saidNoCredentials) return;
    this.#saidNoCredentials = true;
    this.#options.info("No Scope credentials: prompts come from the committed snapshot.");
  }
}

/**
 * What the platform serves. A prompt that it doesn't have under its name is asked for once more, by its committed ID: it
 * may have been renamed.
 *
 * @param promptIdOf gives that ID; undefined if nothing is committed
 * @throws the client's errors
 */
export async function fetchByNameOrId(
  ref: PromptRef,
  fetchVersion: (ref: PromptRef) => Promise<PromptVersionData>,
  promptIdOf: () => Promise<string | undefined>,
): Promise<PromptVersionData> {
  try {
    return await fetchVersion(ref);
  } catch (error) {
    if (!isScopeError(error, "prompt_not_found")) throw error;
    const id = await promptIdOf();
    if (id === undefined || id === ref.name) throw error;
    try {
      const version = await fetchVersion({ ...ref, name: id });
      return { ...version, renamedTo: version.name === ref.name ? id : (version.name ?? id) };
    } catch (other) {
      throw isScopeError(other, "prompt_not_found") ? error : other;
    }
  }
}

/** A committed version as a resolved one. */
export function resolvedFromSnapshot(
  snapshot: SnapshotEntry,
  source: "snapshot" | "stale-snapshot",
): ResolvedVersion {
  const { ref, version, environment } = snapshot;
  return { ref, version, source, environment, snapshot };
}

function versionText({ versionNumber, id }: PromptVersionData): string {
  return `version ${versionNumber} (${id})`;
}

function committedText(snapshot: SnapshotEntry | undefined): string {
  return snapshot === undefined ? "nothing is committed" : `${versionText(snapshot.version)} is committed`;
}

/** Only the code: a message may contain what a server said. */
function errorText(error: unknown): string {
  return isScopeError(error) ? error.code : "the request was given up";
}
