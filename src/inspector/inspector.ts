import { relative } from "node:path";
import { checkProject } from "../commands/check/check-project.ts";
import { comparePrompts } from "../commands/compare/compare-prompts.ts";
import { diffPrompts } from "../commands/compare/diff-prompts.ts";
import { mayAsk } from "../commands/find-version.ts";
import { unknownName } from "../commands/select-imports.ts";
import { isScopeError } from "../errors/scope-error.ts";
import { compileRequest } from "../project/compile-request.ts";
import type { LoadOptionsInput } from "../project/config/load/load-options.ts";
import { type ResolvedImport, resolveSpecifier } from "../project/config/specifier.ts";
import type { Project } from "../project/project.ts";
import { loadSamples, samplesFile, writeSample } from "../project/snapshot/samples.ts";
import { type Label, refKey } from "../prompt.ts";
import type {
  CallSites,
  Difference,
  Health,
  Overview,
  PromptDetails,
  RenderedText,
  VersionDetails,
} from "./api.ts";
import { callSitesOf, fileOf, importsOf } from "./call-sites.ts";
import { differenceOf } from "./difference.ts";
import { RequestLog } from "./health.ts";
import { committedOverview, errorText, type Listing, overviewOf } from "./overview.ts";
import { patientProjects } from "./patient-project.ts";
import { Renders } from "./renders.ts";
import { renderedText, templateOf } from "./templates.ts";
import { Verdicts } from "./verdicts.ts";
import { sideOf, versionsAtHand, versionsOf } from "./versions.ts";

export interface InspectorInput {
  readonly project: Project;
  /** The problems of prompts that a dev server serves. */
  readonly devProblems?: (() => readonly string[]) | undefined;
  /** How the project was opened, for what `doctor` says. */
  readonly doctor: Pick<LoadOptionsInput, "cwd" | "mode" | "env">;
}

/** Answers the page with the work of the commands: returns plain data. Writes only samples. */
export class Inspector {
  readonly project: Project;
  readonly #input: InspectorInput;
  /** For requests about every prompt at once. */
  readonly #whole: Project;
  readonly #renders = new Renders();
  readonly #verdicts = new Verdicts();
  readonly #log = new RequestLog();
  /** The import of each prompt, by the specifier of its row. A partial is compiled as the prompt that includes it. */
  #requests: ReadonlyMap<string, ResolvedImport> = new Map();
  /** One write after the other: a later write of the same sample wins. */
  #writes: Promise<void> = Promise.resolve();
  #overview: Promise<Overview> | undefined;
  #checks: Promise<Health["checks"]> | undefined;

  constructor(input: InspectorInput) {
    this.#input = input;
    const { forViews, forAll } = patientProjects(input.project);
    this.project = forViews;
    this.#whole = forAll;
  }

  /** What is committed, at once. */
  committed(): Promise<Overview> {
    return this.#withProblems(committedOverview(this.project));
  }

  /** Pages that ask at the same time share one look. */
  overview(): Promise<Overview> {
    this.#overview ??= this.#withProblems(overviewOf(this.#whole, this.#verdicts)).finally(() => {
      this.#overview = undefined;
    });
    return this.#overview;
  }

  /** @param isLocal leave the platform out: what is committed is available at once */
  async prompt(specifier: string, isLocal: boolean): Promise<PromptDetails> {
    const request = await this.#request(specifier);
    const { root, snapshotDir } = this.project.options;
    if (!this.#requests.has(request.specifier))
      throw unknownName(
        request.key,
        [...this.#requests.values()].map(({ key }) => key),
      );
    const samples = await loadSamples(snapshotDir, request.ref.name);
    const { versions, problem } = await versionsAtHand(this.project, request, !isLocal);
    return {
      versions,
      samples: [...samples].map(([name, values]) => ({ name, values })),
      samplesFile: relative(root, samplesFile(snapshotDir, request.ref.name)).replaceAll("\\", "/"),
      problem: problem === undefined ? undefined : errorText(problem, this.project),
    };
  }

  async version(specifier: string, side: string): Promise<VersionDetails> {
    const request = await this.#request(specifier);
    const pick = await versionsOf(this.project, request, side);
    const compiled = await compileRequest(request, this.project.options, pick);
    return { side, ...templateOf(compiled), render: this.#renders.keep(compiled) };
  }

  /** @param key of {@link VersionDetails}; the result is undefined if the page has to ask for the version again */
  async render(key: string, values: unknown): Promise<RenderedText | undefined> {
    const rendered = await this.#renders.render(key, values);
    return rendered && renderedText(rendered);
  }

  async difference(specifier: string, from: string, to: string): Promise<Difference> {
    const request = await this.#request(specifier);
    const [diff, ...included] = await diffPrompts(this.project, {
      specifier: request,
      from: await sideOf(this.project, request, from),
      to: await sideOf(this.project, request, to),
      samples: true,
      load: this.#renders.load,
    });
    if (diff === undefined) throw new TypeError("A diff of one prompt gave nothing.");
    const specifiers = new Map([...this.#requests].map(([one, { ref }]) => [refKey(ref), one]));
    return {
      ...differenceOf(diff),
      included: included.map((one) => ({
        specifier: specifiers.get(refKey(one.ref)),
        name: one.ref.name,
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
    if (isLocal || !mayAsk(this.project)) return importsOf(this.project, request);
    try {
      const verdict =
        label === undefined
          ? await this.#verdicts.of(this.#whole, await comparePrompts(this.#whole))
          : await checkProject(this.#whole, { label, warn: () => {} });
      return await callSitesOf(this.project, request, verdict);
    } catch (error) {
      if (!isScopeError(error)) throw error;
      return { ...(await importsOf(this.project, request)), problem: errorText(error, this.project) };
    }
  }

  /** Saves a sample of a prompt; without values, removes it. */
  async saveSample(specifier: string, sample: string, values: unknown): Promise<void> {
    const { ref } = await this.#request(specifier);
    const write = () => writeSample(this.project.options.snapshotDir, ref.name, sample, values);
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
    this.#checks ??= examine({ ...this.#input.doctor, configFile, flags, isTestRun: false }).finally(() => {
      this.#checks = undefined;
    });
    const checks = await this.#checks;
    return { checks, requests: this.#log.requests, lastOutage: this.#log.lastOutage };
  }

  /** Stops listening, and closes the project's connections. */
  async close(): Promise<void> {
    this.#log.close();
    this.#renders.close();
    await this.#writes;
    await this.project.close();
  }

  async #withProblems(listing: Promise<Listing>): Promise<Overview> {
    const { overview, requests } = await listing;
    this.#requests = new Map(requests.map((request) => [request.specifier, request]));
    return { ...overview, devProblems: this.#input.devProblems?.() ?? [] };
  }

  async #request(specifier: string): Promise<ResolvedImport> {
    const request = resolveSpecifier(specifier, this.project.options);
    if (!this.#requests.has(request.specifier)) await this.committed();
    return this.#requests.get(request.specifier) ?? request;
  }
}
