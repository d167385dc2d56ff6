import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { diffPrompts } from "../commands/compare/diff-prompts.ts";
import { mayAsk } from "../commands/fetch-versions.ts";
import { listPrompts, readCommitted } from "../commands/list-prompts.ts";
import { asOne, unknownName } from "../commands/select-imports.ts";
import { oneLine } from "../errors/one-line.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { compileRequest } from "../project/compile-request.ts";
import type { LoadOptionsInput } from "../project/config/load/load-options.ts";
import { asProjectRuns } from "../project/config/package-manager.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadSamples, samplesFile, writeSample } from "../project/snapshot/samples.ts";
import { loadSnapshot } from "../project/snapshot/store.ts";
import { committedVersions } from "../project/versions/find-version.ts";
import { type Label, type PromptRef, refKey } from "../prompt.ts";
import { Tokenizers } from "../review/cost/tokenizer.ts";
import { splitSample } from "../review/expect/sample.ts";
import type {
  CallSites,
  Difference,
  Health,
  IncludedPrompt,
  Overview,
  PromptDetails,
  RenderedText,
  Requests,
  VersionDetails,
} from "./api.ts";
import { brokenCallsOf, callsOf, fileOf } from "./call-sites.ts";
import { differenceOf, whyUncounted } from "./difference.ts";
import { RequestLog } from "./health.ts";
import { Looks } from "./looks.ts";
import { committedOverview, comparedOverview, errorText, type Listing } from "./overview.ts";
import { Renders } from "./renders.ts";
import { includedIn, renderedText, templateOf } from "./templates.ts";
import { sideOf, versionsAtHand, versionsOf } from "./versions.ts";

export interface InspectorInput {
  readonly project: Project;
  /** The problems of prompts that a dev server serves. */
  readonly devProblems?: (() => readonly string[]) | undefined;
  /** How the project was opened, for what `doctor` says. */
  readonly doctor: Pick<LoadOptionsInput, "cwd" | "mode" | "env">;
}

/** How long a person waits for the type checker. The next look has its result. */
const PATIENCE_MS = 2000;
/** Answers the page with the work of the commands: returns plain data. Writes only samples. */
export class Inspector {
  readonly project: Project;
  readonly #input: InspectorInput;
  readonly #looks: Looks;
  readonly #renders = new Renders();
  readonly #log = new RequestLog();
  /** The import of each prompt, by the specifier of its row. A partial is compiled as the prompt that includes it. */
  #requests: ReadonlyMap<string, ResolvedImport> = new Map();
  /** One write after the other: a later write of the same sample wins. */
  #writes: Promise<void> = Promise.resolve();
  #examined: Promise<readonly [Health["checks"], Pick<Health, "rules" | "rulesProblem">]> | undefined;

  constructor(input: InspectorInput) {
    this.#input = input;
    this.#looks = new Looks(input.project);
    this.project = this.#looks.project;
  }

  /** What is committed, at once. */
  committed(): Promise<Overview> {
    return this.#complete(committedOverview(this.project));
  }

  /** Pages that ask at the same time share one look. */
  async overview(): Promise<Overview> {
    try {
      const { round, comparison, verdict } = await this.#looks.now();
      const { outage, failures } = round;
      const waiting = new AbortController();
      const later = sleep(PATIENCE_MS, undefined, waiting).catch(() => undefined);
      const known = await Promise.race([verdict, later]);
      waiting.abort();
      return await this.#complete(
        comparedOverview(this.project, { comparison, failures, verdict: known }, outage),
      );
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return this.#complete(committedOverview(this.project, "failed", errorText(error, this.project)));
    }
  }

  /** @param isLocal leave the platform out: what is committed is available at once */
  async prompt(specifier: string, isLocal: boolean): Promise<PromptDetails> {
    const request = await this.#request(specifier);
    const { root, snapshotDir } = this.project.options;
    const samples = await loadSamples(snapshotDir, request.ref.name);
    const variables = await this.#variables(request);
    const { versions, problem } = await versionsAtHand(this.project, request, !isLocal);
    return {
      versions,
      samples: [...samples].map(([name, data]) => ({ name, values: splitSample(data, variables).values })),
      samplesFile: relative(root, samplesFile(snapshotDir, request.ref.name)).replaceAll("\\", "/"),
      problem: problem === undefined ? undefined : errorText(problem, this.project),
    };
  }

  async version(specifier: string, side: string): Promise<VersionDetails> {
    const request = await this.#request(specifier);
    const pick = await versionsOf(this.project, request, side);
    const compiled = await compileRequest(request, this.project.options, pick);
    const includes = includedIn(compiled).map((ref) => this.#included(ref));
    return { side, ...templateOf(compiled), includes, render: this.#renders.keep(compiled) };
  }

  /** @param key of {@link VersionDetails}; the result is undefined if the page has to ask for the version again */
  async render(key: string, values: unknown): Promise<RenderedText | undefined> {
    const rendered = await this.#renders.render(key, values);
    return rendered && renderedText(rendered);
  }

  async difference(specifier: string, from: string, to: string): Promise<Difference> {
    const request = await this.#request(specifier);
    const tokenizers = new Tokenizers(this.project.options.tokens.encoding);
    // A difference is shown even if nothing can count what it costs.
    const uncounted = await whyUncounted(tokenizers);
    const [diff, ...included] = await diffPrompts(this.project, {
      specifier: request,
      from: await sideOf(this.project, request, from),
      to: await sideOf(this.project, request, to),
      load: this.#renders.load,
      tokenizers: uncounted === undefined ? tokenizers : undefined,
    });
    if (diff === undefined) throw new TypeError("A diff of one prompt gave nothing.");
    return {
      ...differenceOf(diff, request.syntax),
      ...(uncounted === undefined ? {} : { cost: uncounted }),
      included: included.map((one) => ({
        ...this.#included(one.ref),
        from: one.from?.versionNumber,
        to: one.to?.versionNumber,
        grade: one.grade,
      })),
    };
  }

  /**
   * Where a prompt is imported, and which calls another version would break: the version that the label points at, or
   * without a label the one that the prompt's own pin serves now.
   *
   * @param isLocal leave the platform and the type checker out
   */
  async callSites(specifier: string, label: Label | undefined, isLocal: boolean): Promise<CallSites> {
    const request = await this.#request(specifier);
    const { project } = this;
    const { prompts } = await listPrompts(project);
    const isOurs = (one: ResolvedImport) => refKey(one.ref) === refKey(request.ref);
    const imports = prompts.filter((one) => isOurs(one.request)).flatMap(({ uses }) => uses);
    const sites = { ...UNCOMPARED, uses: await callsOf(project, imports) };
    if (isLocal || !mayAsk(project)) return sites;
    try {
      const verdict = await this.#looks.verdict(request, label);
      return { ...sites, ...(await brokenCallsOf(project, request.ref, verdict, imports)) };
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return { ...sites, problem: oneLine(error.message) };
    }
  }

  /** Saves a sample of a prompt, and keeps what it expects; without values, removes it. */
  async saveSample(specifier: string, sample: string, values: unknown): Promise<void> {
    const request = await this.#request(specifier);
    const variables = await this.#variables(request);
    const keep = (before: unknown) => splitSample(before, variables).asWritten;
    const write = () => writeSample(this.project.options.snapshotDir, request.ref.name, sample, values, keep);
    const written = this.#writes.then(write);
    this.#writes = written.catch(() => {});
    await written;
  }

  /**
   * Opens a source of the project in the running editor, or in the one that `LAUNCH_EDITOR` names; returns whether it
   * is a source.
   */
  async open(file: string, line: number, column: number): Promise<boolean> {
    const path = await fileOf(this.project, file);
    if (path === undefined) return false;
    const { default: launchEditor } = await import("launch-editor");
    // Errors are printed in the terminal of the server.
    launchEditor(`${path}:${line}:${column}`);
    return true;
  }

  /** Pages that ask at the same time share one examination. */
  async health(): Promise<Health> {
    const { configFile, fetch } = this.project.options;
    const flags = fetch === "never" ? { fetch } : {};
    // It evaluates configs as code, and is loaded only when somebody asks for it.
    const { examine } = await import("../commands/doctor/examine.ts");
    this.#examined ??= Promise.all([
      examine({ ...this.#input.doctor, configFile, flags, isTestRun: false }),
      this.#rules(),
    ]).finally(() => {
      this.#examined = undefined;
    });
    const [checks, rules] = await this.#examined;
    return { checks, ...rules, ...this.requests() };
  }

  async #rules(): Promise<Pick<Health, "rules" | "rulesProblem">> {
    // They're loaded only when somebody asks for them.
    const { lintVersions } = await import("../commands/lint/lint-project.ts");
    try {
      if (this.#requests.size === 0) await this.committed();
      const { root } = this.project.options;
      const find = committedVersions(this.project.options);
      const { findings, errors } = await lintVersions(this.project, find);
      const rules = findings.map(({ rule, severity, prompt, message, hint }) => {
        return { rule, severity, prompt: this.#included(prompt), message, hint: asProjectRuns(hint, root) };
      });
      const error = asOne(errors, "prompts cannot be read");
      return { rules, rulesProblem: isScopeError(error) ? errorText(error, this.project) : undefined };
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return { rules: [], rulesProblem: errorText(error, this.project) };
    }
  }

  /** What was asked so far. */
  requests(): Requests {
    return { requests: this.#log.requests, lastOutage: this.#log.lastOutage };
  }

  /** Stops listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.#log.close();
    this.#renders.close();
    await this.#writes;
    await this.#looks.close();
  }

  async #complete(listing: Promise<Listing>): Promise<Overview> {
    const { overview, requests } = await listing;
    this.#requests = new Map(requests.map((request) => [request.specifier, request]));
    const comparedAt = overview.platform === "unreached" ? this.#looks.comparedAt : undefined;
    return { ...overview, comparedAt, devProblems: this.#input.devProblems?.() ?? [] };
  }

  #included(ref: PromptRef): IncludedPrompt {
    const rows = [...this.#requests.values()];
    return {
      specifier: rows.find((one) => refKey(one.ref) === refKey(ref))?.specifier,
      name: ref.name,
    };
  }

  /** Of the committed version. Where `expect` is one, it's a value of the samples. */
  async #variables(request: ResolvedImport): Promise<readonly string[]> {
    const { options } = this.project;
    const committed = (ref: PromptRef) => loadSnapshot(options.snapshotDir, ref);
    return (await readCommitted(request, options, committed)).variables ?? [];
  }

  /** @throws for a prompt that the project doesn't have */
  async #request(specifier: string): Promise<ResolvedImport> {
    const { specifier: own, key } = resolveSpecifier(specifier, this.project.options);
    if (!this.#requests.has(own)) await this.committed();
    const keys = [...this.#requests.values()].map((one) => one.key);
    const request = this.#requests.get(own);
    if (request === undefined) throw unknownName(key, keys);
    return request;
  }
}

const UNCOMPARED: Omit<CallSites, "uses"> = {
  broken: [],
  unseen: [],
  grade: undefined,
  from: undefined,
  to: undefined,
  changes: [],
  problem: undefined,
};
