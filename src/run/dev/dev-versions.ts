import { unwatchFile, watchFile } from "node:fs";
import { formatError } from "../../errors/format-error.ts";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import { type ResolvedVersion, resolvedFromSnapshot, type Source } from "../../project/versions/source.ts";
import { type PromptRef, refKey } from "../../prompt.ts";

export interface DevVersionsOptions {
  /** {@link DevVersions.get} has something else for a prompt that is served. */
  readonly onChange: (ref: PromptRef) => void;
}

/** The versions that development serves: the first of each prompt, until another is found. */
export abstract class DevVersions {
  readonly #options: DevVersionsOptions;
  readonly #served = new Map<string, Promise<ResolvedVersion>>();

  constructor(options: DevVersionsOptions) {
    this.#options = options;
  }

  get(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    let served = this.#served.get(key);
    if (served === undefined) {
      served = this.first(ref);
      this.#served.set(key, served);
      // The next import asks again: the prompt may exist by then.
      served.catch(() => this.#served.delete(key));
    }
    return served;
  }

  /** Stops looking for other versions. */
  abstract close(): void;

  /** The version of a prompt that isn't served yet. */
  protected abstract first(ref: PromptRef): Promise<ResolvedVersion>;

  /** What is served now; undefined while nothing is. */
  protected async served(ref: PromptRef): Promise<ResolvedVersion | undefined> {
    try {
      return await this.#served.get(refKey(ref));
    } catch {
      // The import that asked got the error, and asks again.
      return undefined;
    }
  }

  /** A prompt's current version, which is served from now on. */
  protected async found(resolved: ResolvedVersion): Promise<void> {
    const { ref } = resolved;
    const served = await this.served(ref);
    if (served !== undefined && fingerprint(served) === fingerprint(resolved)) return;
    this.#served.set(refKey(ref), Promise.resolve(resolved));
    this.#options.onChange(ref);
  }

  /** A prompt's current version can't be used: the last one stays. If there is none, the import itself fails. */
  protected async refused(ref: PromptRef, problem: unknown): Promise<void> {
    const served = await this.served(ref);
    if (served !== undefined) await this.found({ ...served, problem });
  }
}

/** Times, status and who promoted it can differ between what is committed and what is served. */
function fingerprint({ version, preview, problem }: ResolvedVersion): string {
  const versions = [version, preview].map(
    (one) => one && [one.id, one.promptId, one.type, one.content, one.metadata, one.versionNumber],
  );
  return JSON.stringify([versions, problem && formatError(problem)]);
}

/** How often to check whether a file of the snapshot was replaced. Node itself does it: no system refuses that. */
const INTERVAL_MS = 200;

interface SnapshotVersionsOptions extends DevVersionsOptions {
  readonly snapshotDir: string;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** What is served first, including its errors. */
  readonly policy: Pick<Source, "get">;
}

/**
 * Development without the platform, and pins on a version: serves what is committed, and watches it, so that a pull
 * shows up at once.
 */
export class SnapshotVersions extends DevVersions {
  readonly #options: SnapshotVersionsOptions;
  readonly #refs = new Map<string, PromptRef>();
  /** One check after the other: a later one must not be overtaken. */
  #checks: Promise<unknown> = Promise.resolve();

  constructor(options: SnapshotVersionsOptions) {
    super(options);
    this.#options = options;
  }

  readonly #onChange = () => {
    this.#checks = this.#checks.then(() =>
      Promise.all([...this.#refs.values()].map((ref) => this.#check(ref))),
    );
  };

  close(): void {
    unwatchFile(this.#options.snapshotDir, this.#onChange);
  }

  protected async first(ref: PromptRef): Promise<ResolvedVersion> {
    const { policy, loadSnapshot, snapshotDir } = this.#options;
    if (this.#refs.size === 0)
      watchFile(snapshotDir, { interval: INTERVAL_MS, persistent: false }, this.#onChange);
    this.#refs.set(refKey(ref), ref);
    try {
      return await policy.get(ref);
    } catch (error) {
      // The policy resolves a prompt only once. Something may be committed by now.
      const snapshot = await loadSnapshot(ref);
      if (snapshot === undefined) throw error;
      return resolvedFromSnapshot(snapshot, "snapshot");
    }
  }

  async #check(ref: PromptRef): Promise<void> {
    try {
      const snapshot = await this.#options.loadSnapshot(ref);
      // If it's gone, as during a branch switch, the last version is served until there is one again.
      if (snapshot !== undefined) await this.found(resolvedFromSnapshot(snapshot, "snapshot"));
    } catch (error) {
      await this.refused(ref, error);
    }
  }
}
