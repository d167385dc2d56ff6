import { unwatchFile, watchFile } from "node:fs";
import type { SnapshotEntry } from "../../project/snapshot/format.ts";
import {
  type ResolvedVersion,
  resolvedFromSnapshot,
  type VersionProvider,
} from "../../project/versions/version-resolver.ts";
import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";

/** How often to check whether a file of the snapshot was replaced. Node itself does it: no system refuses that. */
const INTERVAL_MS = 200;

export interface SnapshotVersionsOptions {
  readonly snapshotDir: string;
  readonly loadSnapshot: (ref: PromptRef) => Promise<SnapshotEntry | undefined>;
  /** What a run without the platform returns, including its errors. */
  readonly policy: VersionProvider;
  /** The committed version of a requested prompt changed. */
  readonly onChange: (ref: PromptRef) => void;
  /** The committed version can't be used any more; undefined when it can again. */
  readonly onProblem: (ref: PromptRef, error: unknown) => void;
}

/** Development without the platform: serves what is committed, and watches it, so that a pull shows up at once. */
export class SnapshotVersions implements VersionProvider {
  readonly stale: readonly ResolvedVersion[] = [];
  readonly outage = undefined;
  readonly #options: SnapshotVersionsOptions;
  readonly #refs = new Map<string, PromptRef>();
  readonly #served = new Map<string, ResolvedVersion>();
  readonly #failing = new Set<string>();
  /** One check after the other: a later one must not be overtaken. */
  #checks: Promise<void> = Promise.resolve();

  constructor(options: SnapshotVersionsOptions) {
    this.#options = options;
    watchFile(options.snapshotDir, { interval: INTERVAL_MS, persistent: false }, this.#onChange);
  }

  readonly #onChange = () => {
    this.#checks = this.#checks.then(() => this.#checkAll());
  };

  async resolve(ref: PromptRef): Promise<ResolvedVersion> {
    const key = refKey(ref);
    const served = this.#served.get(key);
    if (served !== undefined) return served;
    const { policy, loadSnapshot } = this.#options;
    // The policy resolves a prompt only once. If that was an error, something may be committed by now.
    const snapshot = this.#refs.has(key) ? await loadSnapshot(ref) : undefined;
    this.#refs.set(key, ref);
    const resolved = snapshot ? resolvedFromSnapshot(snapshot, "snapshot") : await policy.resolve(ref);
    this.#served.set(key, resolved);
    return resolved;
  }

  close(): void {
    unwatchFile(this.#options.snapshotDir, this.#onChange);
  }

  async #checkAll(): Promise<void> {
    await Promise.all([...this.#refs.values()].map((ref) => this.#check(ref)));
  }

  async #check(ref: PromptRef): Promise<void> {
    const key = refKey(ref);
    const served = this.#served.get(key);
    let snapshot: SnapshotEntry | undefined;
    try {
      snapshot = await this.#options.loadSnapshot(ref);
    } catch (error) {
      // If nothing is served, the import itself fails and reports that.
      if (served === undefined) return;
      this.#failing.add(key);
      this.#options.onProblem(ref, error);
      return;
    }
    if (this.#failing.delete(key)) this.#options.onProblem(ref, undefined);
    // It's gone, as happens during a branch switch. The last version is served until there is one again.
    if (snapshot === undefined) return;
    if (served !== undefined && JSON.stringify(served.version) === JSON.stringify(snapshot.version)) return;
    this.#served.set(key, resolvedFromSnapshot(snapshot, "snapshot"));
    this.#options.onChange(ref);
  }
}
