import type { CompiledPrompt } from "../../compiler/compiled-prompt.ts";
import { compareVersions } from "../../contract/compare-versions.ts";
import { changesText } from "../../contract/contract.ts";
import { formatError } from "../../errors/format-error.ts";
import { isScopeError } from "../../errors/scope-error.ts";
import { readTextIfThere } from "../../files/read-file.ts";
import { committedVersions, compileOrError } from "../../project/compile-request.ts";
import { hasConfig } from "../../project/config/config-files.ts";
import type { Project } from "../../project/project.ts";
import type { Reporter } from "../../project/reporter.ts";
import { writeSnapshot } from "../../project/snapshot/store.ts";
import { findStaleTypes } from "../../project/types/types-file.ts";
import { updateTypes } from "../../project/types/update-types.ts";
import type { CompiledModule } from "../../project/versions/choose-version.ts";
import { type PromptRef, refKey, refText } from "../../prompt.ts";
import { Compilation, type Surroundings } from "../compilation.ts";
import { DevSource } from "./dev-source.ts";
import { rateLimiterOf } from "./poller.ts";
import { PollingClient } from "./polling-client.ts";
import { DevProblems } from "./problems.ts";

/** Imports within this time are checked together: a page loads its modules one after the other. */
const QUIET_MS = 200;

/** Sources of the options in which other programs' settings change: no prompt and no pin comes from an `.env` file. */
const NO_CONFIG = /(?:^|[\\/])(?:\.env[^\\/]*|package\.json)$/;

/**
 * Handles a new version of a loaded prompt in development: writes new module files at once and, if the contract
 * changed, a new snapshot and new types, so that the editor shows the calls that no longer fit.
 */
export class DevSession {
  readonly compilation: Compilation;
  /** Also knows which modules the compilers import. Other modules aren't polled. */
  readonly problems: DevProblems;
  /** The way to the platform, which an inspector shares; undefined if it isn't asked. */
  readonly client: PollingClient | undefined;
  /** Where the versions come from. */
  readonly #source: DevSource;
  readonly #reporter: Reporter;
  readonly #writes: boolean;
  /** What the options were made from, by file. */
  readonly #hadConfig: boolean;
  readonly #sources: ReadonlyMap<string, string | undefined>;
  #hasSaidChanged = false;
  /** Imported for the first time since the types were checked. */
  readonly #undeclared = new Set<string>();
  #typesTimer: NodeJS.Timeout | undefined;
  #hasSaidStale = false;
  readonly #waiting = new Map<string, PromptRef>();
  /** What was served last, by prompt and pin. */
  readonly #served = new Map<string, { readonly compiled: CompiledPrompt; readonly text: string }>();
  readonly #recoveryListeners = new Set<() => void>();
  #news = 0;
  #timer: NodeJS.Timeout | undefined;
  /** One update after the other: two at once would write the types from two states. */
  #updates: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(project: Project, surroundings: Surroundings) {
    const { options } = project;
    const { connection, dev } = options;
    const { reporter } = surroundings;
    this.#reporter = reporter;
    this.problems = new DevProblems(reporter, () => this.compilation.modules);
    const gapMs = dev === false ? 0 : 1000 / dev.maxRequestsPerSecond;
    const isAsked = options.fetch !== "never" && connection.credentials !== undefined;
    const client = isAsked ? new PollingClient(connection, gapMs) : undefined;
    this.client = client;
    this.#source = new DevSource({
      options,
      reporter,
      rateLimiter: rateLimiterOf(connection),
      // An open inspector polls too: what it has just fetched isn't asked again.
      fetchVersion: client && ((ref) => client.fetch(ref, dev === false ? 0 : dev.intervalMs / 2)),
      isUsed: (ref) => this.problems.isUsed(ref),
      onChange: (ref) => this.#update(ref),
      onSiteProblem: (error) => this.problems.setSite(error),
    });
    this.compilation = new Compilation(project, {
      ...surroundings,
      source: this.#source,
      onImport: (specifier) => this.#imported(specifier),
    });
    this.#writes = dev !== false;
    this.#hadConfig = hasConfig(options.root);
    const sources = options.sourceFiles.filter((file) => !NO_CONFIG.test(file));
    this.#sources = new Map(sources.map((file) => [file, readTextIfThere(file)]));
    this.problems.listen(() => this.#writeProblems(false));
  }

  /** Brings the running modules, and the files on disk, to a prompt's current version soon. */
  #update(ref: PromptRef): void {
    this.#waiting.set(refKey(ref), ref);
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#enqueue(() => this.#updateAll());
    }, 0).unref();
  }

  /** A specifier's module was returned for the first time: its spelling may not be in the types. */
  #imported(specifier: string): void {
    if (this.#isClosed) return;
    this.#undeclared.add(specifier);
    clearTimeout(this.#typesTimer);
    this.#typesTimer = setTimeout(() => this.#enqueue(() => this.#checkTypes()), QUIET_MS).unref();
    this.problems.check();
  }

  /** What is previewed, or can't be, in a line for each such prompt and pin. */
  get previews(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const { request, preview, compiled, own } of this.compilation.modules.served) {
      if (preview === undefined) continue;
      const kept = `${preview} can't be previewed; still serving ${versionText(own)}`;
      texts.set(refKey(request.ref), compiled === own ? kept : `development previews ${preview}`);
    }
    return texts;
  }

  /** Called when a module can be made that couldn't be made at all. */
  onRecovery(listener: () => void): void {
    this.#recoveryListeners.add(listener);
  }

  /**
   * A file for bundlers to watch. It changes whenever a problem appears or goes away, and after such a recovery.
   *
   * @param isNews it changes now
   */
  async problemsFile({ isNews = false } = {}): Promise<string> {
    if (isNews) this.#news += 1;
    const state = { problems: this.problems.texts, news: this.#news };
    return this.compilation.store.write("problems.json", `${JSON.stringify(state, null, 2)}\n`);
  }

  /** Ends polling and watching. The project closes its own connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#source.close();
    this.problems.close();
    clearTimeout(this.#timer);
    clearTimeout(this.#typesTimer);
    await this.client?.close();
  }

  /** Writes what the types lack; otherwise names, once, the command that does. */
  async #checkTypes(): Promise<void> {
    if (this.#isOutdated()) return;
    const { options } = this.compilation;
    const specifiers = [...this.#undeclared];
    this.#undeclared.clear();
    // A prompt without a snapshot is declared when its snapshot is written.
    const stale = await findStaleTypes(options, specifiers);
    if (stale === undefined) return;
    if (this.#writes) {
      const types = await updateTypes(options);
      if (types?.written) this.#reporter.info(`${stale.what}: wrote them.`);
    } else if (!this.#hasSaidStale) {
      this.#hasSaidStale = true;
      this.#reporter.warn(stale.warning);
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#updates = this.#updates.then(work).catch((error) => this.#reporter.warn(formatError(error)));
  }

  async #updateAll(): Promise<void> {
    const { modules } = this.compilation;
    const refs = [...this.#waiting.values()];
    this.#waiting.clear();
    const { made, hasRecovered } = await modules.refresh(refs, (name) => this.problems.isImported(name));
    this.problems.check();
    if (hasRecovered) {
      this.#writeProblems(true);
      for (const listener of this.#recoveryListeners) listener();
    }
    await this.#adopt(made);
  }

  /** Has the config changed since? What it writes would undo what the new config wrote. Says so once. */
  #isOutdated(): boolean {
    if (!this.#writes) return false;
    const { root, configFile } = this.compilation.options;
    const isMade = configFile === undefined && !this.#hadConfig && hasConfig(root);
    const [changed] = [...this.#sources].find(([name, text]) => readTextIfThere(name) !== text) ?? [];
    const file = isMade ? "The config" : changed;
    if (file !== undefined && !this.#hasSaidChanged) {
      this.#hasSaidChanged = true;
      this.#reporter.warn(
        `${file} has changed since this process read it, so it writes no snapshot and types. Restart it.`,
      );
    }
    return file !== undefined;
  }

  #writeProblems(isNews: boolean): void {
    this.problemsFile({ isNews }).catch((error) => this.#reporter.warn(formatError(error)));
  }

  async #adopt(modules: readonly CompiledModule[]): Promise<void> {
    const { options } = this.compilation;
    const find = committedVersions(options);
    const lines: string[] = [];
    const written: CompiledModule[] = [];
    let breaks = false;
    for (const module of new Map(modules.map((one) => [refKey(one.request.ref), one])).values()) {
      const { request, compiled, own } = module;
      const whole = await compileOrError(request, options, find, "snapshot_missing");
      const committed = isScopeError(whole) ? undefined : whole;
      // The types come from what is committed; a person compares with what was served until now.
      const grade = committed && compareVersions(committed, own).grade;
      const isNew = grade === undefined || grade === "breaking" || grade === "compatible";
      const isWritten = this.#writes && isNew && !this.#isOutdated();
      if (isWritten) written.push(module);
      const key = refKey(request.ref);
      const before =
        this.#served.get(key) ?? (committed && { compiled: committed, text: versionText(committed) });
      const text = servedText(module);
      this.#served.set(key, { compiled, text });
      const changes = before && compareVersions(before.compiled, compiled).changes;
      breaks ||= changes?.some((change) => change.breaks) === true;
      const what = changes && changesText(changes);
      if (what === "" && before?.text === text && !isWritten) continue;
      const versions = before === undefined || before.text === text ? text : `${before.text} → ${text}`;
      const shown = versions.replace(/^version (\d+) → version /, "version $1 → ");
      lines.push(`${refText(request.ref)}: ${shown} (${(what ?? "new") || "same text"})`);
    }
    if (lines.length === 0) return;
    if (written.length > 0) await this.#write(written);
    // Some hosts, such as Docusaurus, only show warnings.
    this.#reporter[breaks ? "warn" : "info"](
      `${lines.join("\n")}${written.length > 0 ? "; wrote snapshot and types" : ""}`,
    );
  }

  async #write(modules: readonly CompiledModule[]): Promise<void> {
    const { options } = this.compilation;
    for (const { resolved, own } of modules) {
      const { ref, version } = own.source;
      await writeSnapshot(options.snapshotDir, { ref, environment: resolved.environment, version });
    }
    await updateTypes(options);
  }
}

function servedText({ compiled, own, preview }: CompiledModule): string {
  return compiled === own || preview === undefined ? versionText(own) : preview;
}

function versionText({ source }: CompiledPrompt): string {
  return `version ${source.version.versionNumber}`;
}
