import { setMaxListeners } from "node:events";
import pLimit from "p-limit";
import { debug } from "../../debug.ts";
import { isOutage, TimeoutError } from "../../errors/classes.ts";
import { printableLine } from "../../errors/printable.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { type PromptRef, type PromptVersionData, refKey, refText } from "../../prompt.ts";
import type { FetchPolicy, ResolvedOptions } from "../config/types.ts";
import type { Reached } from "../reach.ts";
import type { Reporter } from "../reporter.ts";
import { isMergeConflict, type SnapshotEntry } from "../snapshot/format.ts";
import { listSnapshot, loadSnapshot, type SnapshotListing } from "../snapshot/store.ts";
import {
  adviseMissing,
  credentialsNeeded,
  howToCommit,
  isUnknownForm,
  knownNames,
  platformDown,
  renamedWarning,
  snapshotMissing,
  unknownFormWarning,
} from "./version-errors.ts";

/** One prompt of a run, resolved: the version to compile, and the committed one. */
export interface ResolvedVersion {
  readonly ref: PromptRef;
  readonly version: PromptVersionData;
  /** Where it came from, as the manifest says it. */
  readonly source: "platform" | "snapshot" | "stale-snapshot";
  readonly environment: string;
  /** What is committed; undefined if nothing is (or, while fetching, if it can't be read). */
  readonly snapshot: SnapshotEntry | undefined;
  /** In a development server: another version, that `dev.label` points at. */
  readonly preview?: PromptVersionData | undefined;
  /** In a development server: why the current version, or the preview, can't be used. */
  readonly problem?: unknown;
}

/** Gives each prompt of a run its version: the fetch policy of a build, or what development serves. */
export interface Source {
  get(ref: PromptRef): Promise<ResolvedVersion>;
  /** The prompts that kept their committed version because of an outage. Default none. */
  readonly stale?: readonly ResolvedVersion[];
  /** Why the platform counts as down; undefined while it doesn't. */
  readonly outage?: unknown;
}

/** What a fetch policy needs of a project. */
export interface PolicyProject extends Pick<Reached, "fetchVersion"> {
  readonly options: Pick<ResolvedOptions, "fetch" | "concurrency" | "prompts" | "root" | "snapshotDir"> & {
    readonly connection: Pick<ResolvedOptions["connection"], "environment">;
  };
}

interface PolicyOptions {
  /** A command that is about what the platform has, whatever the config says and is committed. Default false. */
  readonly isForCommand?: boolean;
  /** Fails at a snapshot file in a merge conflict, with which no version can be compared. Default false. */
  readonly failsAtConflict?: boolean;
}

/**
 * The fetch policy of one run: every compiler and environment of a command asks here, and each prompt is resolved once.
 * A pin on a version is what is committed for it: the platform may archive a version, or let it be edited under its ID.
 */
export class PolicySource implements Source {
  readonly stale: ResolvedVersion[] = [];
  readonly #project: PolicyProject;
  readonly #reporter: Reporter;
  readonly #given: PolicyOptions;
  readonly #fetch: FetchPolicy;
  readonly #resolved = new Map<string, Promise<ResolvedVersion>>();
  /** Responses to what was only expected, by prompt and pin. */
  readonly #expected = new Map<string, Promise<PromptVersionData>>();
  readonly #outage: ReturnType<typeof watchOutage>;
  readonly #limit;
  #listing: Promise<SnapshotListing> | undefined;
  /** What to do about a prompt that isn't committed. */
  #hint: Promise<string> | undefined;
  #withoutSnapshot = 0;
  #saidNoCredentials = false;

  constructor(project: PolicyProject, reporter: Reporter, given: PolicyOptions = {}) {
    this.#project = project;
    this.#reporter = reporter;
    this.#given = given;
    this.#fetch = given.isForCommand ? "always" : project.options.fetch;
    this.#outage = watchOutage(() => this.#fetch === "auto" && this.#withoutSnapshot === 0);
    this.#limit = pLimit(project.options.concurrency);
  }

  get outage(): unknown {
    return this.#outage.verdict;
  }

  /**
   * @throws the client's error for a refusal (under every policy that fetches), `build_platform_down`,
   * `build_credentials_needed`, `snapshot_missing`, or what a damaged snapshot file throws if it's used
   */
  get(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    const resolved = this.#resolved.get(key) ?? this.#find(ref);
    this.#resolved.set(key, resolved);
    return resolved;
  }

  /** Begins to fetch what is likely to be asked for. Until it is, nothing depends on the response. */
  expect(ref: PromptRef): void {
    const { fetchVersion } = this.#project;
    const key = refKey(ref);
    if (this.#fetch === "never" || !fetchVersion || ref.pin.kind === "version") return;
    if (this.#resolved.has(key) || this.#expected.has(key)) return;
    const response = this.#limit(() => fetchVersion(ref, this.#outage.signal));
    response.catch(() => {});
    this.#expected.set(key, response);
  }

  /** Forgets a resolved version; if requested again, it's fetched again. For runs too large for memory. */
  forget(ref: PromptRef): void {
    this.#resolved.delete(refKey(ref));
  }

  async #find(ref: PromptRef): Promise<ResolvedVersion> {
    const { fetchVersion, options } = this.#project;
    if (this.#fetch === "never") return this.#fromSnapshot(ref, 'fetch is "never"');
    if (ref.pin.kind === "version") {
      const committed = await this.#load(ref);
      debug(() => `${refText(ref)}: pinned, ${committedText(committed)}`);
      if (committed !== undefined) return resolvedFromSnapshot(committed, "snapshot");
    }
    if (fetchVersion === undefined) {
      if (this.#fetch === "always") throw credentialsNeeded(options);
      if (!this.#saidNoCredentials)
        this.#reporter.info("No Scope credentials: prompts come from the committed snapshot.");
      this.#saidNoCredentials = true;
      return this.#fromSnapshot(ref, "there are no credentials");
    }
    const snapshot = await this.#loadIfSound(ref);
    const { environment } = options.connection;
    try {
      const version = await this.#ask(ref, fetchVersion, snapshot !== undefined);
      if (version.renamedTo !== undefined) this.#reporter.warn(renamedWarning(ref, version.renamedTo));
      debug(() => `${refText(ref)}: ${versionText(version)} from the platform, ${committedText(snapshot)}`);
      return { ref, version, source: "platform", environment, snapshot };
    } catch (error) {
      // Only the code: a message may contain what a server said.
      const what = isScopeError(error) ? error.code : "the request was given up";
      debug(() => `${refText(ref)}: not from the platform, ${what}; ${committedText(snapshot)}`);
      if (isUnknownForm(error) && snapshot !== undefined) {
        this.#reporter.warn(unknownFormWarning(error, snapshot.version));
        return resolvedFromSnapshot(snapshot, "stale-snapshot");
      }
      if (!isOutage(error))
        throw await adviseMissing(error, ref, snapshot, environment, () =>
          knownNames(options, this.#committed()),
        );
      if (this.#given.isForCommand) throw platformDown(ref, error);
      if (this.#fetch === "always") throw platformDown(ref, error, 'fetch is "always"');
      // A damaged file matters now, and reports itself.
      const committed = await this.#load(ref);
      if (committed === undefined) throw platformDown(ref, error, "nothing is committed for this prompt");
      debug(
        () => `${refText(ref)}: ${versionText(committed.version)} from the snapshot, the platform is down`,
      );
      const resolved = resolvedFromSnapshot(committed, "stale-snapshot");
      this.stale.push(resolved);
      return resolved;
    }
  }

  async #ask(
    ref: PromptRef,
    fetchVersion: NonNullable<Reached["fetchVersion"]>,
    hasSnapshot: boolean,
  ): Promise<PromptVersionData> {
    if (!hasSnapshot) this.#withoutSnapshot += 1;
    try {
      return await fetchByNameOrId(
        ref,
        (one) =>
          this.#limit(() =>
            this.#outage.watch((signal) => this.#expected.get(refKey(one)) ?? fetchVersion(one, signal)),
          ),
        async () => {
          const { entries } = await this.#committed();
          return entries.find(({ entry }) => entry.ref.name === ref.name)?.entry.version.promptId;
        },
      );
    } finally {
      if (!hasSnapshot) this.#withoutSnapshot -= 1;
    }
  }

  async #fromSnapshot(ref: PromptRef, why: string): Promise<ResolvedVersion> {
    const snapshot = await this.#load(ref);
    if (snapshot === undefined) {
      const { options } = this.#project;
      this.#hint ??= this.#committed().then((listing) => howToCommit(options, this.#fetch, listing));
      throw snapshotMissing(ref, await knownNames(options, this.#committed()), await this.#hint);
    }
    debug(() => `${refText(ref)}: ${versionText(snapshot.version)} from the snapshot, ${why}`);
    return resolvedFromSnapshot(snapshot, "snapshot");
  }

  async #loadIfSound(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    try {
      return await this.#load(ref);
    } catch (error) {
      if (this.#given.failsAtConflict && isMergeConflict(error)) throw error;
      const { message, where } = error as { message: string; where?: { file?: string } };
      this.#reporter.warn(
        `${printableLine(message)}${where?.file ? ` (${where.file})` : ""} This build doesn't use it; fix it with: scope-gen pull`,
      );
      return undefined;
    }
  }

  async #load(ref: PromptRef): Promise<SnapshotEntry | undefined> {
    return this.#given.isForCommand ? undefined : loadSnapshot(this.#project.options.snapshotDir, ref);
  }

  #committed(): Promise<SnapshotListing> {
    this.#listing ??= listSnapshot(this.#project.options.snapshotDir);
    return this.#listing;
  }
}

/**
 * What the platform serves. A prompt that it doesn't have under its name may have been renamed: it's asked for once
 * more, by the ID that `promptIdOf` gives.
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

export function resolvedFromSnapshot(
  snapshot: SnapshotEntry,
  source: "snapshot" | "stale-snapshot",
): ResolvedVersion {
  const { ref, version, environment } = snapshot;
  return { ref, version, source, environment, snapshot };
}

/** How long in total an `auto` build that could ship its snapshot waits for a platform that shows no sign of life. */
const PATIENCE_MS = 15_000;
/** A pause between two responses that doesn't count as waiting: many prompts can take a while, one after the other. */
const ORDINARY_PAUSE_MS = 1_000;

/**
 * Decides once per run that the platform is down. The first prompt that has used up its attempts is the verdict; it
 * aborts every pending request and refuses every later one. While `mayGiveUp` holds, 15 s without any response, in one
 * stretch or several, are a verdict too, so that a build with a complete snapshot is never held up longer.
 */
function watchOutage(mayGiveUp: () => boolean) {
  const abort = new AbortController();
  // Every pending request listens to this one signal, and Node would report more than ten as a leak.
  setMaxListeners(0, abort.signal);
  let underWay = 0;
  let patience: NodeJS.Timeout | undefined;
  let patienceMs = PATIENCE_MS;
  let waitingSince = 0;

  function wait(): void {
    waitingSince = performance.now();
    patience = setTimeout(() => {
      patience = undefined;
      if (!mayGiveUp()) return wait();
      const error = new TimeoutError(`The platform sent no response for ${PATIENCE_MS / 1000} seconds.`, {
        code: "request_timeout",
        hint: 'The build uses the committed snapshot. With fetch: "always" it would wait for the full deadline.',
      });
      abort.abort(error);
    }, patienceMs);
  }

  function stop(): void {
    if (patience === undefined) return;
    clearTimeout(patience);
    patience = undefined;
    const waitedMs = performance.now() - waitingSince;
    if (waitedMs > ORDINARY_PAUSE_MS) patienceMs = Math.max(patienceMs - waitedMs, 0);
  }

  return {
    /** Aborts when it's decided. */
    signal: abort.signal,

    /** The error that decided it; undefined while the platform counts as up. */
    get verdict(): unknown {
      return abort.signal.reason;
    },

    /** Runs one request under the verdict: rejects with it if there is one, or if one is reached in the meantime. */
    async watch<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
      abort.signal.throwIfAborted();
      underWay += 1;
      if (patience === undefined) wait();
      let isOver = false;
      try {
        return await request(abort.signal);
      } catch (error) {
        isOver = isOutage(error);
        if (isOver) abort.abort(error);
        throw error;
      } finally {
        underWay -= 1;
        if (!isOver || underWay === 0) stop();
        if (!isOver && underWay > 0) wait();
      }
    },
  };
}

function versionText({ versionNumber, id }: PromptVersionData): string {
  return `version ${versionNumber} (${id})`;
}

function committedText(snapshot: SnapshotEntry | undefined): string {
  return snapshot === undefined ? "nothing is committed" : `${versionText(snapshot.version)} is committed`;
}
