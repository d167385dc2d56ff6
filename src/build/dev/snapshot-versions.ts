import { unwatchFile, watchFile } from "node:fs";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import {
  type ResolvedVersion,
  resolvedFromSnapshot,
  type VersionProvider,
} from "../../project/versions/version-resolver.ts";
import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import { DevVersions, type DevVersionsOptions } from "./dev-versions.ts";

/** How often to check whether a file of the snapshot was replaced. Node itself does it: no system refuses that. */
const INTERVAL_MS = 200;

export interface SnapshotVersionsOptions extends DevVersionsOptions {
  readonly snapshotDir: string;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** What is served first, including its errors. */
  readonly policy: Pick<VersionProvider, "resolve">;
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
      return await policy.resolve(ref);
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
