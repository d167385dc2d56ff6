import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { changesText } from "../../contract/contract.ts";
import { formatError } from "../../errors/format-error.ts";
import { sourcesOf } from "../../project/compile-request.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import { writeSnapshot } from "../../project/snapshot/store.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import { compareCompiled } from "../../project/versions/compare-requests.ts";
import { committedVersions, compileWhole } from "../../project/versions/find-version.ts";
import type { PromptRef } from "../../prompt.ts";
import { refKey } from "../../prompt.ts";
import type { Build } from "../build.ts";
import type { CompiledModule } from "../modules/modules.ts";
import { devTypes } from "./dev-types.ts";
import { changeText, type DevProblems } from "./problems.ts";
import type { UsedModules } from "./used-modules.ts";

/** Bundlers miss a second write to a file that comes too soon after the first. */
const LEAST_GAP_MS = 60;

export interface DevSessionOptions {
  readonly project: Project;
  readonly build: Build;
  readonly problems: DevProblems;
  readonly uses: UsedModules;
  readonly reporter: Reporter;
}

/**
 * Handles a new version of a loaded prompt in development: writes new module files at once and, if the contract
 * changed, a new snapshot and new types, so that the editor shows the calls that no longer fit.
 */
export class DevSession {
  readonly problems: DevProblems;
  /** Which modules the compilers import. Other modules aren't polled. */
  readonly uses: UsedModules;
  /** The config that the session was started with; undefined if there is none. */
  readonly configFile: string | undefined;
  readonly #options: DevSessionOptions;
  readonly #writes: boolean;
  readonly #types: ReturnType<typeof devTypes>;
  readonly #waiting = new Map<string, PromptRef>();
  /** The version served last, by prompt and pin. */
  readonly #served = new Map<string, CompiledPrompt>();
  readonly #recoveryListeners = new Set<() => void>();
  #recoveries = 0;
  #timer: NodeJS.Timeout | undefined;
  #wroteAt = Number.NEGATIVE_INFINITY;
  /** One update after the other: two at once would write the types from two states. */
  #updates: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: DevSessionOptions) {
    this.#options = options;
    this.problems = options.problems;
    this.uses = options.uses;
    const { options: config } = options.project;
    this.configFile = config.configFile;
    this.#writes = config.live !== false && config.live.write;
    this.#types = devTypes(config, this.#writes, options.reporter, (work) => this.#enqueue(work));
    this.problems.listen(() => void this.#writeProblems());
  }

  /** Brings the running modules, and the files on disk, to a prompt's current version soon. */
  update(ref: PromptRef): void {
    this.#waiting.set(refKey(ref), ref);
    if (this.#timer !== undefined || this.#isClosed) return;
    const delayMs = Math.max(this.#wroteAt + LEAST_GAP_MS - performance.now(), 0);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#enqueue(() => this.#updateAll());
    }, delayMs);
    this.#timer.unref();
  }

  /** A specifier's module was returned for the first time. */
  imported(specifier: string): void {
    if (!this.#isClosed) this.#types.imported(specifier);
  }

  /** Called when a module can be made, after an import failed because it couldn't be made at all. */
  onRecovery(listener: () => void): void {
    this.#recoveryListeners.add(listener);
  }

  /** A file for bundlers to watch. It changes whenever a problem appears or goes away, or after such a recovery. */
  async problemsFile(): Promise<string> {
    const state = { problems: this.problems.texts, recoveries: this.#recoveries };
    return this.#options.build.store.write("problems.json", `${JSON.stringify(state, null, 2)}\n`);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#types.close();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#updates = this.#updates
      .then(work)
      .catch((error) => this.#options.reporter.warn(formatError(error)));
  }

  async #updateAll(): Promise<void> {
    const { modules } = this.#options.build;
    const refs = [...this.#waiting.values()];
    this.#waiting.clear();
    const { made, hasRecovered } = await modules.refresh(refs, (name) => this.uses.isImported(name));
    this.#wroteAt = performance.now();
    this.problems.setBroken(modules.broken);
    if (hasRecovered) this.#recovered();
    await this.#adopt(made, new Set(refs.map(refKey)));
  }

  #recovered(): void {
    this.#recoveries += 1;
    void this.#writeProblems();
    for (const listener of this.#recoveryListeners) listener();
  }

  async #writeProblems(): Promise<void> {
    try {
      await this.problemsFile();
    } catch (error) {
      this.#options.reporter.warn(formatError(error));
    }
  }

  /** @param updated the prompts with a new version. Other modules include one of them, or were fixed */
  async #adopt(modules: readonly CompiledModule[], updated: ReadonlySet<string>): Promise<void> {
    const { reporter, project } = this.#options;
    const find = committedVersions(project.options);
    const lines: string[] = [];
    const changed: CompiledModule[] = [];
    for (const module of new Map(modules.map((one) => [refKey(one.request.ref), one])).values()) {
      const { ref, version } = module.resolved;
      const committed = await compileWhole(module.request, project.options, find);
      // The types come from what is committed; a person compares with what was served until now.
      if (committed === undefined || hasNewContract(committed, module.compiled)) changed.push(module);
      const before = this.#served.get(refKey(ref)) ?? committed;
      this.#served.set(refKey(ref), module.compiled);
      const what =
        before === undefined ? "new" : changesText(compareCompiled(before, module.compiled).changes);
      if (what === "" && !updated.has(refKey(ref))) continue;
      const from = before?.source.version.versionNumber;
      lines.push(changeText(ref, from, version.versionNumber, what || "same text"));
    }
    if (lines.length === 0) return;
    const wrote = changed.length > 0 && this.#writes;
    if (wrote) await this.#write(changed);
    reporter.info(`${lines.join("\n")}${wrote ? "; wrote snapshot and types" : ""}`);
  }

  async #write(modules: readonly CompiledModule[]): Promise<void> {
    const { options } = this.#options.project;
    const find = committedVersions(options);
    for (const { resolved, compiled } of modules) {
      for (const { ref, version } of sourcesOf(compiled.source)) {
        if (refKey(ref) !== refKey(resolved.ref) && (await find(ref))?.id === version.id) continue;
        await writeSnapshot(options.snapshotDir, { ref, environment: resolved.environment, version });
      }
    }
    await updateTypes(options);
  }
}

function hasNewContract(from: CompiledPrompt, to: CompiledPrompt): boolean {
  const { grade } = compareCompiled(from, to);
  return grade === "breaking" || grade === "compatible";
}
