import { checkProject } from "../../commands/check/check-project.ts";
import type { Verdict } from "../../commands/check/verdict.ts";
import { comparePrompts, type ProjectComparison } from "../../commands/compare/compare-prompts.ts";
import { askFor, fetchVersions } from "../../commands/fetch-versions.ts";
import type { ResolvedImport } from "../../project/config/specifier.ts";
import type { Project } from "../../project/project.ts";
import { type Label, type PromptRef, refKey } from "../../prompt.ts";
import { PlatformView, type Round } from "./platform-view.ts";
import { TypeChecker } from "./type-checker.ts";
import { Verdicts } from "./verdicts.ts";

/** How long a look at every prompt counts. While a page is open, there's always a newer one. */
const RECENT_MS = 10_000;

/** One look at every prompt. */
export interface Look {
  readonly round: Round;
  readonly comparison: ProjectComparison;
  readonly verdict: Promise<Verdict>;
  /** When it ended, on the monotonic clock. */
  readonly at: number;
}

/** Compares every prompt with the platform, again and again, and knows what came out last. */
export class Looks {
  /** For what is about one prompt. */
  readonly project: Project;
  /** ISO 8601: when everything was compared last. */
  comparedAt: string | undefined;
  readonly #platform: PlatformView;
  readonly #typeChecker = new TypeChecker();
  readonly #verdicts = new Verdicts(this.#typeChecker.findBrokenCalls);
  #underWay: Promise<Look> | undefined;
  /** The last one that ended. */
  #last: Look | undefined;

  constructor(project: Project) {
    this.#platform = new PlatformView(project);
    this.project = this.#platform.project;
  }

  /** Those who ask at the same time share one look. */
  now(): Promise<Look> {
    this.#underWay ??= this.#compareAll().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async close(): Promise<void> {
    this.#typeChecker.close();
    await this.#platform.close();
  }

  async #compareAll(): Promise<Look> {
    const round = this.#platform.round();
    const comparison = await comparePrompts(round.project);
    if (round.outage === undefined) this.comparedAt = new Date().toISOString();
    const verdict = this.#verdicts.of(this.project, comparison);
    // Somebody who waits for it handles it.
    verdict.catch(() => {});
    this.#last = { round, comparison, verdict, at: performance.now() };
    return this.#last;
  }

  async #ownVerdict({ ref }: ResolvedImport): Promise<Verdict> {
    const last = this.#last;
    const { round, verdict } = last && performance.now() - last.at < RECENT_MS ? last : await this.now();
    const failure = round.failures.get(refKey(ref));
    if (failure?.isKnown === false) throw failure.error;
    return verdict;
  }

  /** Of the version that a label points at, or that its pin serves now. The others stay as they were compared last. */
  async verdict(request: ResolvedImport, label: Label | undefined): Promise<Verdict> {
    if (label === undefined) return this.#ownVerdict(request);
    const found = await fetchVersions(this.project, [{ request, uses: [] }], { ask: askFor(label) });
    const others = this.#platform.round().project;
    const fetchVersion = async (ref: PromptRef) => {
      const own = found.get(refKey(ref));
      if (own?.missing !== undefined) throw own.missing;
      const known = own?.served ?? this.#platform.known(ref);
      return known ?? (await (others.fetchVersion as NonNullable<Project["fetchVersion"]>)(ref));
    };
    const warn = () => {};
    const check = { warn, findBrokenCalls: this.#typeChecker.findBrokenCalls };
    return checkProject({ ...others, fetchVersion }, check);
  }
}
