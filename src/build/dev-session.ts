import { findUses } from "../discovery/find-uses.ts";
import { formatError } from "../errors/format-error.ts";
import type { PromptRef } from "../prompt.ts";
import { refKey, refText } from "../prompt.ts";
import { loadSnapshot, writeSnapshot } from "../snapshot/store.ts";
import { compareContracts } from "../template/contract.ts";
import type { Build, BuiltModule } from "./build.ts";
import { compileRequest } from "./compile-request.ts";
import type { Project } from "./project.ts";
import type { Reporter } from "./run-report.ts";
import { makeTypes, writeTypes } from "./types-file.ts";

/**
 * What development does with a new version of a loaded prompt: new module files at once, and, when the contract
 * changed, a new snapshot and new types, so that the editor shows the calls that no longer fit.
 */
export class DevSession {
  readonly #project: Project;
  readonly #build: Build;
  readonly #reporter: Reporter;
  readonly #writes: boolean;
  /** One update after the other: two at once would write the types from two states. */
  #updates: Promise<void> = Promise.resolve();

  constructor(project: Project, build: Build, reporter: Reporter) {
    this.#project = project;
    this.#build = build;
    this.#reporter = reporter;
    this.#writes = project.options.live !== false && project.options.live.write;
  }

  /** Brings the running modules, and what is on disk, to the version a prompt has now. Never rejects. */
  update(ref: PromptRef): Promise<void> {
    this.#updates = this.#updates.then(async () => {
      try {
        await this.#adopt(ref, await this.#build.refresh(ref));
      } catch (error) {
        this.#reporter.warn(`${formatError(error)}\n\n  The last good version is still served.`);
      }
    });
    return this.#updates;
  }

  async #adopt(ref: PromptRef, modules: readonly BuiltModule[]): Promise<void> {
    const module = modules.find(({ request }) => refKey(request.ref) === refKey(ref));
    if (module === undefined) return;
    const { answer } = module;
    const from = answer.snapshot?.version.versionNumber;
    const version =
      from === undefined ? answer.version.versionNumber : `${from} → ${answer.version.versionNumber}`;
    const change = await this.#contractChange(module);
    const wrote = change !== undefined && this.#writes && (await this.#write(module));
    const what = change === undefined ? "text only" : change;
    this.#reporter.info(
      `${refText(ref)}: version ${version} (${what})${wrote ? "; wrote snapshot and types" : ""}`,
    );
  }

  /** How the contract differs from the committed one, in words; undefined when it does not. */
  async #contractChange({ request, answer, compiled }: BuiltModule): Promise<string | undefined> {
    const { options } = this.#project;
    const committed = await loadSnapshot(options.snapshotDir, request.ref);
    if (committed === undefined) return "new";
    const before = await compileRequest(request, options, async (asked) =>
      refKey(asked) === refKey(request.ref)
        ? committed.version
        : ((await loadSnapshot(options.snapshotDir, asked))?.version ?? answer.version),
    );
    const changes = compareContracts(before.contract, compiled.contract);
    return changes.length === 0 ? undefined : changes.map((change) => change.message).join(", ");
  }

  async #write({ answer }: BuiltModule): Promise<boolean> {
    const { options } = this.#project;
    const { ref, environment, version } = answer;
    await writeSnapshot(options.snapshotDir, { ref, environment, version });
    const { uses } = await findUses(options);
    const types = await makeTypes(
      options,
      uses.map((use) => use.specifier),
    );
    if (types !== undefined) await writeTypes(types);
    return true;
  }
}
